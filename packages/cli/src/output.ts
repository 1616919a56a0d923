import type { Json } from '@varco/core'
import cliProgress from 'cli-progress'
import pc from 'picocolors'

/** Colours, or none of them. */
export type Style = ReturnType<typeof pc.createColors>

/** 0 done, 1 found a problem, 2 wrong usage. */
export type ExitCode = 0 | 1 | 2

/** Where a command speaks: answers on standard output, progress and complaints on standard error. */
export interface Output {
  /** Answers are JSON (`--json`). */
  readonly json: boolean
  /** The command's answer: the JSON value under `--json`, the text otherwise. */
  answer(value: Json, text: string): void
  /** Something on the way; silent under `--json`. */
  note(text: string): void
  /** Why a command ends badly; one sentence. */
  problem(text: string): void
  /** A bar when on a terminal, a line at each tenth otherwise. `total` in the unit of `advance`. */
  progress(title: string, total: number): Progress
  readonly style: Style
}

export interface Progress {
  /** To this many in all. */
  advance(done: number): void
  end(): void
}

export interface Streams {
  readonly out: NodeJS.WritableStream & { isTTY?: boolean }
  readonly err: NodeJS.WritableStream & { isTTY?: boolean }
}

export function createOutput(streams: Streams, options: { json: boolean }): Output {
  const { out, err } = streams
  const style = pc.createColors(out.isTTY === true && pc.isColorSupported)
  return {
    json: options.json,
    style,
    answer: (value, text) => {
      out.write(options.json ? `${JSON.stringify(value)}\n` : text.endsWith('\n') ? text : `${text}\n`)
    },
    note: (text) => {
      if (!options.json) err.write(`${text}\n`)
    },
    problem: (text) => {
      err.write(`varco: ${text}\n`)
    },
    progress: (title, total) => {
      if (options.json) return { advance: () => {}, end: () => {} }
      return err.isTTY === true ? bar(err, title, total) : tenths(err, title, total)
    },
  }
}

/** Says nothing. */
export function silentOutput(): Output {
  const quiet = (): void => {}
  const progress = (): Progress => ({ advance: quiet, end: quiet })
  return { json: true, answer: quiet, note: quiet, problem: quiet, progress, style: pc.createColors(false) }
}

function bar(stream: NodeJS.WritableStream, title: string, total: number): Progress {
  const instance = new cliProgress.SingleBar({
    stream,
    format: `  ${title} {bar} {percentage}% {value}/{total}`,
    barCompleteChar: '█',
    barIncompleteChar: '░',
    hideCursor: true,
  })
  instance.start(total, 0)
  return {
    advance: (done) => {
      instance.update(done)
    },
    end: () => {
      instance.stop()
    },
  }
}

function tenths(stream: NodeJS.WritableStream, title: string, total: number): Progress {
  let shown = 0
  return {
    advance: (done) => {
      const tenth = total === 0 ? 10 : Math.floor((done * 10) / total)
      if (tenth <= shown) return
      shown = tenth
      stream.write(`  ${title} ${tenth * 10}%\n`)
    },
    end: () => {},
  }
}
