import { answerCommand } from '../answer-command.ts';

export default answerCommand(
  'skip',
  'Leave out the step that an operation stopped at, where its plan allows that.',
);
