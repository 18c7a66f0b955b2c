import * as z from 'zod';

/**
 * The blocks that the bot uses, with the limits of https://docs.slack.dev/reference/block-kit/blocks: whatever else there is, is
 * refused, so that a new one has to be looked up first.
 */
const blockId = z.string().min(1).max(255).optional();

const plainText = (longest: number) =>
  z.strictObject({
    type: z.literal('plain_text'),
    text: z.string().min(1).max(longest),
    emoji: z.boolean().optional(),
  });
const mrkdwn = (longest: number) =>
  z.strictObject({
    type: z.literal('mrkdwn'),
    text: z.string().min(1).max(longest),
    verbatim: z.boolean().optional(),
  });
const text = (longest: number) => z.union([plainText(longest), mrkdwn(longest)]);

const Button = z.strictObject({
  type: z.literal('button'),
  text: plainText(75),
  action_id: z.string().min(1).max(255).optional(),
  value: z.string().max(2_000).optional(),
  style: z.enum(['primary', 'danger']).optional(),
});
const Section = z.strictObject({
  type: z.literal('section'),
  block_id: blockId,
  text: text(3_000),
  accessory: Button.optional(),
});
const Actions = z.strictObject({
  type: z.literal('actions'),
  block_id: blockId,
  elements: z.array(Button).min(1).max(25),
});
const Context = z.strictObject({
  type: z.literal('context'),
  block_id: blockId,
  elements: z.array(text(3_000)).min(1).max(10),
});
/** https://docs.slack.dev/reference/block-kit/blocks/rich-text-block */
const RichText = z.strictObject({
  type: z.literal('rich_text'),
  block_id: blockId,
  elements: z
    .array(
      z.strictObject({
        type: z.literal('rich_text_section'),
        elements: z
          .array(
            z.strictObject({
              type: z.literal('text'),
              text: z.string().min(1),
              style: z.strictObject({ bold: z.boolean().optional() }).optional(),
            }),
          )
          .min(1),
      }),
    )
    .min(1),
});
const Header = z.strictObject({
  type: z.literal('header'),
  block_id: blockId,
  text: plainText(150),
});
const Divider = z.strictObject({ type: z.literal('divider'), block_id: blockId });

const Block = z.discriminatedUnion('type', [Section, Actions, Context, Header, Divider, RichText]);
export type Block = z.infer<typeof Block>;

const Blocks = z
  .array(Block)
  .max(50)
  .refine((blocks) => areDistinct(blocks.flatMap(actionIds)), 'action_id is there twice');

/** What all of it may come to; nobody documents it, but more is refused: https://github.com/slackapi/bolt-js/issues/2509 */
const LONGEST_BLOCKS = 13_200;

/** Undefined for blocks that Slack takes, otherwise its word for why not. */
export function refusedBlocks(json: string): string | undefined {
  const parsed = parse(json);
  if (!Array.isArray(parsed)) return 'invalid_blocks_format';
  if (!Blocks.safeParse(parsed).success) return 'invalid_blocks';
  return json.length > LONGEST_BLOCKS ? 'msg_blocks_too_long' : undefined;
}

export function readBlocks(json: string): readonly Block[] {
  return Blocks.parse(parse(json));
}

export function buttonsIn(blocks: readonly Block[]) {
  return blocks.flatMap((block) => (block.type === 'actions' ? block.elements : []));
}

/** What stands on the buttons, in their order. */
export function labelsIn(blocks: readonly Block[]): readonly string[] {
  return buttonsIn(blocks).map(({ text }) => text.text);
}

/** What people see of them: in rich text and plain text nothing is markup. */
export function readAs(blocks: readonly Block[]): string {
  return blocks.flatMap(textsIn).join('\n');
}

/** The same, and below it what can be pressed. */
export function readWithButtons(blocks: readonly Block[]): string {
  const buttons = labelsIn(blocks).map((label) => `[${label}]`);
  return [readAs(blocks), ...(buttons.length > 0 ? [buttons.join(' ')] : [])].join('\n');
}

function textsIn(block: Block): readonly string[] {
  switch (block.type) {
    case 'rich_text':
      return block.elements.map(({ elements }) => elements.map(({ text }) => text).join(''));
    case 'context':
      return block.elements.map(({ text }) => text);
    case 'section':
    case 'header':
      return [block.text.text];
    default:
      return [];
  }
}

function actionIds(block: Block): readonly string[] {
  return buttonsIn([block]).flatMap(({ action_id }) => action_id ?? []);
}

function areDistinct(names: readonly string[]): boolean {
  return new Set(names).size === names.length;
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
