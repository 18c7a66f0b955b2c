import { CODE } from './script-codes.ts';

export const START = `
is_known || refuse ${CODE.notDefined} 'it is not defined'
if is_running; then exit 0; fi
touched=yes
virsh start "$guest" && exit 0
look
is_running
`;
