export const SHUT_DOWN = `
is_known || exit 0
is_running || exit 0
touched=yes
virsh shutdown "$guest" && exit 0
look
! is_running
`;
