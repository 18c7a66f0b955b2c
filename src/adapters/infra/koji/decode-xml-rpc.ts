import { KojiFault } from './koji-fault.ts';
import { parseXml, type XmlElement } from './xml-element.ts';
import {
  type XmlRpcCall,
  type XmlRpcStruct,
  XmlRpcSyntaxError,
  type XmlRpcValue,
} from './xml-rpc-value.ts';

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
const INTEGER = /^[+-]?\d+$/;
// Python writes exponents, which the XML-RPC specification does not have.
const DOUBLE = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;

/** The value of an answer; throws the KojiFault when the answer is one. */
export function decodeAnswer(xml: string): XmlRpcValue {
  const inside = only(expect(parseXml(xml), 'methodResponse'));
  if (inside.name === 'fault') throw decodeFault(inside);
  return decodeParam(only(expect(inside, 'params')));
}

export function decodeCall(xml: string): XmlRpcCall {
  const call = expect(parseXml(xml), 'methodCall');
  const [name, params, ...rest] = call.children;
  if (name === undefined || rest.length > 0) throw new XmlRpcSyntaxError('not one method name');
  const method = expect(name, 'methodName').text.trim();
  return { method, params: params ? expect(params, 'params').children.map(decodeParam) : [] };
}

function decodeFault(fault: XmlElement): KojiFault {
  const said = decodeValue(only(fault));
  if (!isStruct(said) || typeof said.faultCode !== 'number') {
    throw new XmlRpcSyntaxError('a fault without a code');
  }
  return new KojiFault(said.faultCode, String(said.faultString));
}

function decodeParam(param: XmlElement): XmlRpcValue {
  return decodeValue(only(expect(param, 'param')));
}

function decodeValue(element: XmlElement): XmlRpcValue {
  const value = expect(element, 'value');
  // A value without a type is a string, spaces included.
  return value.children.length === 0 ? value.text : decodeTyped(only(value));
}

function decodeTyped(typed: XmlElement): XmlRpcValue {
  switch (typed.name) {
    case 'nil':
      return null;
    case 'string':
    case 'dateTime.iso8601':
      return typed.text;
    case 'int':
    case 'i4':
    case 'i8':
      return decodeInteger(typed);
    case 'double':
      return decodeNumber(typed, DOUBLE);
    case 'boolean':
      return decodeBoolean(typed);
    case 'base64':
      return decodeBase64(typed);
    case 'array':
      return expect(only(typed), 'data').children.map(decodeValue);
    case 'struct':
      return Object.fromEntries(typed.children.map(decodeMember));
    default:
      throw new XmlRpcSyntaxError(`unknown type ${typed.name}`);
  }
}

function decodeInteger(typed: XmlElement): number {
  const value = decodeNumber(typed, INTEGER);
  if (Number.isSafeInteger(value)) return value;
  throw new XmlRpcSyntaxError(`${typed.text.trim()} is too large to be kept exactly`);
}

function decodeNumber(typed: XmlElement, shape: RegExp): number {
  const text = typed.text.trim();
  const value = Number(text);
  if (shape.test(text) && Number.isFinite(value)) return value;
  throw new XmlRpcSyntaxError(`not a valid ${typed.name}`);
}

function decodeBoolean(typed: XmlElement): boolean {
  const text = typed.text.trim();
  if (text === '1') return true;
  if (text === '0') return false;
  throw new XmlRpcSyntaxError('not a valid boolean');
}

function decodeBase64(typed: XmlElement): Uint8Array {
  const text = typed.text.replace(/\s/g, '');
  if (!BASE64.test(text)) throw new XmlRpcSyntaxError('not valid base64');
  return new Uint8Array(Buffer.from(text, 'base64'));
}

function decodeMember(element: XmlElement): [string, XmlRpcValue] {
  const [name, value, ...rest] = expect(element, 'member').children;
  if (name === undefined || value === undefined || rest.length > 0) {
    throw new XmlRpcSyntaxError('a member is a name and a value');
  }
  return [expect(name, 'name').text, decodeValue(value)];
}

function expect(element: XmlElement, name: string): XmlElement {
  if (element.name === name) return element;
  throw new XmlRpcSyntaxError(`expected <${name}>, got <${element.name}>`);
}

function only(parent: XmlElement): XmlElement {
  const [child, ...rest] = parent.children;
  if (child !== undefined && rest.length === 0) return child;
  throw new XmlRpcSyntaxError(`<${parent.name}> holds ${parent.children.length} elements, not one`);
}

function isStruct(value: XmlRpcValue): value is XmlRpcStruct {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
