/** Node's flags that `keepHeapLean` of the command sets for itself: what is measured without the command is measured as it ships. */
export const AS_SHIPPED = ['--semi-space-growth-factor=1', '--heap-growing-percent=30']
