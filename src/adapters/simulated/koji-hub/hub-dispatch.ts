import { KojiFault } from '../../infra/koji/koji-fault.ts';
import type { XmlRpcStruct, XmlRpcValue } from '../../infra/koji/xml-rpc-value.ts';
import { HOST_METHODS } from './host-methods.ts';
import { badArguments, bindArguments, struct } from './hub-arguments.ts';
import { generic, type HubCall, type HubMethod } from './hub-call.ts';
import { LOGIN_METHODS } from './login-methods.ts';
import { TASK_METHODS } from './task-methods.ts';

const METHODS = new Map<string, HubMethod>(
  Object.entries({ ...LOGIN_METHODS, ...HOST_METHODS, ...TASK_METHODS }),
);
const MULTI_CALL: readonly string[] = ['multiCall', 'system.multicall'];

/** Carries out a call, or throws the fault the hub would send. Source: kojihub/kojixmlrpc.py, `_dispatch`. */
export function dispatch(name: string, params: readonly XmlRpcValue[], call: HubCall): XmlRpcValue {
  if (MULTI_CALL.includes(name)) return multiCall(params, call);
  const method = METHODS.get(name);
  if (method === undefined) throw generic(`Invalid method: ${name}`);
  const optional = method.parameters.filter((parameter) => parameter.endsWith('?')).map(bare);
  const signature = {
    method: name,
    names: method.parameters.map(bare),
    defaults: Object.fromEntries(optional.map((parameter) => [parameter, null])),
    openKeywords: method.openKeywords ?? false,
  };
  return method.run(bindArguments(signature, params), call);
}

/** Every entry stands for itself: one that fails undoes none of the others. */
function multiCall(params: readonly XmlRpcValue[], call: HubCall): XmlRpcValue {
  const [calls, ...rest] = params;
  if (!Array.isArray(calls) || rest.length > 0) {
    throw badArguments('multiCall() takes 1 positional argument, a list');
  }
  return calls.map((entry: XmlRpcValue) => oneOf(struct(entry, 'call'), call));
}

function oneOf({ methodName, params }: XmlRpcStruct, call: HubCall): XmlRpcValue {
  try {
    return [dispatch(String(methodName), Array.isArray(params) ? params : [], call)];
  } catch (fault) {
    if (!(fault instanceof KojiFault)) throw fault;
    return { faultCode: fault.code, faultString: fault.text, traceback: [] };
  }
}

function bare(parameter: string): string {
  return parameter.replace(/\?$/, '');
}
