/** A channel on a screen: so wide as a phone held across, or a window beside others. */
export function page(style: string, messages: readonly string[]): string {
  return `<!doctype html><meta charset="utf-8"><style>
    body { margin: 0; padding: 14px 18px; font: 15px/1.45 "DejaVu Sans", "Noto Color Emoji", sans-serif; background: #fff; color: #1d1c1d; }
    .message { display: flex; gap: 10px; margin-bottom: 14px; }
    .face { flex: none; width: 34px; height: 34px; line-height: 34px; text-align: center; color: #fff; font-weight: bold; }
    .name { font-weight: bold; } .time { color: #777; font-size: 12px; margin-left: 6px; }
    .under { margin-top: 6px; } ol { margin: 6px 0; padding-left: 26px; } p { margin: 0 0 6px; }
    code { font-family: "DejaVu Sans Mono", monospace; font-size: 13px; }
    ${style}</style>${messages.join('\n')}`;
}

export interface Shown {
  readonly by: string;
  readonly html: string;
  /** Reactions, buttons, or how many replies there are. */
  readonly under?: string;
}

export function message({ by, html, under = '' }: Shown): string {
  const face = `<div class="face ${by}">${by[0]?.toUpperCase()}</div>`;
  const head = `<span class="name">${by}</span><span class="time">14:0${by === 'ana' ? 0 : 7}</span>`;
  return `<div class="message">${face}<div>${head}<div>${html}</div><div class="under">${under}</div></div></div>`;
}
