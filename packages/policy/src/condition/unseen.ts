/**
 * Characters that show as nothing, or change how those around them show: controls but tab and line ends, joiners, fillers,
 * marks of direction, tags. With them a text reads otherwise than it compares (CVE-2021-42574).
 */
export const UNSEEN = /[[\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}\u2028\u2029]--[\t\n\r]]/gv
