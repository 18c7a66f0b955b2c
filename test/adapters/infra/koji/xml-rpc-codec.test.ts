import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeAnswer, decodeCall } from '../../../../src/adapters/infra/koji/decode-xml-rpc.ts';
import {
  encodeAnswer,
  encodeCall,
  encodeFault,
} from '../../../../src/adapters/infra/koji/encode-xml-rpc.ts';
import { KojiFault } from '../../../../src/adapters/infra/koji/koji-fault.ts';
import {
  keywords,
  XmlRpcDouble,
  type XmlRpcValue,
} from '../../../../src/adapters/infra/koji/xml-rpc-value.ts';

// Larger integers are refused, see below.
const isKeptExactly = (number: number) => !Number.isInteger(number) || Number.isSafeInteger(number);
const xmlString = fc
  .string({ unit: 'binary' })
  .filter((text) => !/(?![\t\n\r])\p{Cc}|[\ufffe\uffff]/u.test(text));
const { value } = fc.letrec<{ value: XmlRpcValue }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.constant(null),
    fc.boolean(),
    fc.maxSafeInteger(),
    fc.double({ noNaN: true, noDefaultInfinity: true }).filter(isKeptExactly),
    xmlString,
    fc.uint8Array(),
    fc.array(tie('value')),
    fc.dictionary(xmlString, tie('value'), { noNullPrototype: true }),
  ),
}));

const answer = (inside: string) =>
  `<?xml version="1.0"?><methodResponse><params><param>${inside}</param></params></methodResponse>`;

describe('what is sent', () => {
  it('comes back as it was', () => {
    fc.assert(
      fc.property(value, (given) => {
        expect(decodeAnswer(encodeAnswer(given))).toEqual(given);
      }),
    );
  });

  it('is what the hub reads', () => {
    const params = ['b<1>', keywords({ comment: 'a & b' })];
    expect(encodeCall({ method: 'editHost', params })).toBe(
      '<?xml version="1.0"?><methodCall><methodName>editHost</methodName><params>' +
        '<param><value><string>b&lt;1&gt;</string></value></param>' +
        '<param><value><struct><member><name>__starstar</name><value><boolean>1</boolean></value></member>' +
        '<member><name>comment</name><value><string>a &amp; b</string></value></member></struct></value></param>' +
        '</params></methodCall>',
    );
  });

  it.each([
    [null, '<nil/>'],
    [true, '<boolean>1</boolean>'],
    [2 ** 31 - 1, '<int>2147483647</int>'],
    [2 ** 31, '<i8>2147483648</i8>'],
    [-(2 ** 31) - 1, '<i8>-2147483649</i8>'],
    [1.5, '<double>1.5</double>'],
    [new XmlRpcDouble(4), '<double>4.0</double>'],
    ['a\r\n', '<string>a&#13;\n</string>'],
    [new Uint8Array([1, 2, 3]), '<base64>AQID</base64>'],
    [[], '<array><data></data></array>'],
  ] as const)('writes %o as %s', (given, written) => {
    expect(encodeAnswer(given)).toBe(answer(`<value>${written}</value>`));
  });

  it.each([
    ['a bell \u0007', 'U+0007 cannot be sent as XML'],
    ['half a pair \ud800', 'U+D800 cannot be sent as XML'],
    [Number.NaN, 'NaN is no XML-RPC number'],
    [2 ** 60, '1152921504606847000 is not exact'],
  ])('refuses %o', (given, because) => {
    expect(() => encodeAnswer(given)).toThrow(because);
  });
});

describe('what comes back', () => {
  it.each([
    ['<value> no type </value>', ' no type '],
    ['<value/>', ''],
    ['<value><string/></value>', ''],
    ['<value>\n <i4> -7 </i4>\n</value>', -7],
    ['<value><i8>9007199254740991</i8></value>', Number.MAX_SAFE_INTEGER],
    ['<value><double>1e-3</double></value>', 0.001],
    ['<value><dateTime.iso8601>20261121T04:00:00</dateTime.iso8601></value>', '20261121T04:00:00'],
    ['<value><string>&#x41;&amp;lt;<![CDATA[&amp;]]></string></value>', 'A&lt;&amp;'],
  ])('reads %s', (inside, meant) => {
    expect(decodeAnswer(answer(inside))).toEqual(meant);
  });

  it.each([
    ['<value><i8>9007199254740993</i8></value>', 'too large'],
    ['<value><int>1.5</int></value>', 'not a valid int'],
    ['<value><int></int></value>', 'not a valid int'],
    ['<value><double>inf</double></value>', 'not a valid double'],
    ['<value><boolean>true</boolean></value>', 'not a valid boolean'],
    ['<value><base64>*</base64></value>', 'not valid base64'],
    ['<value><float>1</float></value>', 'unknown type float'],
    ['<value><string>&xxe;</string></value>', 'unknown entity &xxe;'],
    ['<value><string>&#7;</string></value>', 'unknown entity &#7;'],
    ['<value><int>1</int><int>2</int></value>', 'holds 2 elements'],
  ])('refuses %s', (inside, because) => {
    expect(() => decodeAnswer(answer(inside))).toThrow(because);
  });

  it('refuses documents with a DOCTYPE, pages of HTML, and what is not XML', () => {
    const bomb = `<!DOCTYPE x [<!ENTITY a "b">]>${answer('<value>&a;</value>').slice(21)}`;
    expect(() => decodeAnswer(bomb)).toThrow('it brings a DOCTYPE');
    expect(() => decodeAnswer('<html><body>502</body></html>')).toThrow(
      'expected <methodResponse>',
    );
    expect(() => decodeAnswer('Bad Gateway')).toThrow("char 'B' is not expected");
  });

  it('throws a fault as the hub said it', () => {
    const fault = new KojiFault(1004, 'host permission <required>');
    expect(() => decodeAnswer(encodeFault(fault.code, fault.text))).toThrow(fault);
  });

  it('reads calls too', () => {
    const call = { method: 'login', params: ['bot', 'se&cret'] };
    expect(decodeCall(encodeCall(call))).toEqual(call);
    expect(decodeCall('<methodCall><methodName>f</methodName></methodCall>')).toEqual({
      method: 'f',
      params: [],
    });
  });
});
