/** Of the package busybox-static: one file that needs no other. */
export const BUSYBOX = '/bin/busybox';
