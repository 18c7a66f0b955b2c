const REMEMBERED = 1_000;

/** A map that forgets what was set longest ago. */
export class NewestOf<Value> extends Map<string, Value> {
  override set(key: string, value: Value): this {
    this.delete(key);
    super.set(key, value);
    const [oldest] = this.keys();
    if (this.size > REMEMBERED && oldest !== undefined) this.delete(oldest);
    return this;
  }
}
