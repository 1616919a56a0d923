import type { Tone } from '../document/document.ts'
import type { TextStyle } from './typesetter.ts'

export const COLORS = {
  blue: '#0066CC',
  ink: '#17324D',
  soft: '#455A70',
  line: '#D5DDE5',
  pale: '#EEF5FC',
  white: '#FFFFFF',
} as const

const { ink, soft, white, blue } = COLORS

export const STYLES = {
  issuerShort: { face: 'bold', size: 17, leading: 21, color: white },
  issuerName: { face: 'regular', size: 9.5, leading: 13, color: white },
  title: { face: 'bold', size: 28, leading: 33, color: ink },
  subtitle: { face: 'regular', size: 11, leading: 15.5, color: soft },
  heading2: { face: 'bold', size: 16, leading: 21, color: ink },
  heading3: { face: 'semibold', size: 11, leading: 15, color: ink },
  answer: { face: 'semibold', size: 13.5, leading: 18.5, color: ink },
  figure: { face: 'bold', size: 22, leading: 26, color: blue },
  longFigure: { face: 'bold', size: 13, leading: 18, color: blue },
  label: { face: 'regular', size: 9, leading: 12, color: soft },
  term: { face: 'regular', size: 9, leading: 12.5, color: soft },
  caption: { face: 'semibold', size: 9.5, leading: 14, color: ink },
  columnTitle: { face: 'semibold', size: 8.5, leading: 11.5, color: ink },
  foot: { face: 'regular', size: 8, leading: 11, color: soft },
  footCode: { face: 'code', size: 5.8, leading: 9, color: soft },
} as const satisfies Record<string, TextStyle>

const BODY: Readonly<Record<Tone, TextStyle>> = {
  normal: { face: 'regular', size: 10, leading: 14.5, color: ink },
  strong: { face: 'semibold', size: 10, leading: 14.5, color: ink },
  muted: { face: 'regular', size: 9.2, leading: 13.2, color: soft },
  code: { face: 'code', size: 7, leading: 10.4, color: ink },
}

const CELL: Readonly<Record<Tone, TextStyle>> = {
  normal: { face: 'regular', size: 9, leading: 12.3, color: ink },
  strong: { face: 'semibold', size: 9, leading: 12.3, color: ink },
  muted: { face: 'regular', size: 8.5, leading: 11.8, color: soft },
  code: { face: 'code', size: 6.6, leading: 10.4, color: soft },
}

export const bodyStyle = (tone: Tone): TextStyle => BODY[tone]
export const cellStyle = (tone: Tone): TextStyle => CELL[tone]
