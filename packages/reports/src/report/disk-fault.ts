/** Why a file could not be written, in a clause. */
export function diskFault(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  switch (code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return 'the disk is full'
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return 'this user may not write in the folder'
    case 'ENOTDIR':
    case 'EEXIST':
      return 'a file stands where the folder should be'
    case 'EISDIR':
      return 'a folder stands where the file should be'
    default:
      return code === '' ? 'unknown fault' : `system fault ${code}`
  }
}
