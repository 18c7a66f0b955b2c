import {
  type XmlRpcCall,
  XmlRpcDouble,
  type XmlRpcStruct,
  XmlRpcSyntaxError,
  type XmlRpcValue,
} from './xml-rpc-value.ts';
import { toXmlText } from './xml-text.ts';

const PROLOGUE = '<?xml version="1.0"?>';
const INT_MAX = 2 ** 31 - 1;

export function encodeCall({ method, params }: XmlRpcCall): string {
  const name = toXmlText(method);
  return `${PROLOGUE}<methodCall><methodName>${name}</methodName>${encodeParams(params)}</methodCall>`;
}

export function encodeAnswer(value: XmlRpcValue): string {
  return `${PROLOGUE}<methodResponse>${encodeParams([value])}</methodResponse>`;
}

export function encodeFault(code: number, text: string): string {
  const fault = encodeValue({ faultCode: code, faultString: text });
  return `${PROLOGUE}<methodResponse><fault>${fault}</fault></methodResponse>`;
}

function encodeParams(params: readonly XmlRpcValue[]): string {
  const each = params.map((value) => `<param>${encodeValue(value)}</param>`);
  return `<params>${each.join('')}</params>`;
}

function encodeValue(value: XmlRpcValue): string {
  return `<value>${encodeBare(value)}</value>`;
}

function encodeBare(value: XmlRpcValue): string {
  if (value === null) return '<nil/>';
  if (typeof value === 'boolean') return `<boolean>${value ? 1 : 0}</boolean>`;
  if (typeof value === 'number') return encodeNumber(value);
  if (typeof value === 'string') return `<string>${toXmlText(value)}</string>`;
  if (value instanceof XmlRpcDouble) return encodeDouble(value.value);
  if (value instanceof Uint8Array) {
    return `<base64>${Buffer.from(value).toString('base64')}</base64>`;
  }
  if (isArray(value)) return `<array><data>${value.map(encodeValue).join('')}</data></array>`;
  return encodeStruct(value);
}

/** Koji takes `<i8>` for what does not fit into 32 bits. Source: koji/xmlrpcplus.py, `dump_int`. */
function encodeNumber(value: number): string {
  if (!Number.isInteger(value) || Object.is(value, -0)) return encodeDouble(value);
  if (!Number.isSafeInteger(value)) throw new XmlRpcSyntaxError(`${value} is not exact`);
  const type = value <= INT_MAX && value >= -INT_MAX - 1 ? 'int' : 'i8';
  return `<${type}>${value}</${type}>`;
}

function encodeDouble(value: number): string {
  if (!Number.isFinite(value)) throw new XmlRpcSyntaxError(`${value} is no XML-RPC number`);
  // As Python writes them, so that 4 is seen to be a double by people as well.
  const text = Object.is(value, -0) ? '-0' : String(value);
  return `<double>${/^-?\d+$/.test(text) ? `${text}.0` : text}</double>`;
}

function encodeStruct(struct: XmlRpcStruct): string {
  const members = Object.entries(struct).map(
    ([name, value]) => `<member><name>${toXmlText(name)}</name>${encodeValue(value)}</member>`,
  );
  return `<struct>${members.join('')}</struct>`;
}

// Array.isArray does not narrow readonly arrays.
function isArray(value: XmlRpcValue): value is readonly XmlRpcValue[] {
  return Array.isArray(value);
}
