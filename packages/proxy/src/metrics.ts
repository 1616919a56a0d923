import { Counter, Gauge, Histogram, Registry } from 'prom-client'

/** A figure that another part of the process keeps; asked for when the metrics are. */
export interface Reading {
  /** What it is, and in which unit. */
  readonly help: string
  readonly value: () => number
}

/** The same of several things, each under its name. */
export interface LabelledReading {
  readonly help: string
  readonly label: string
  readonly values: () => Readonly<Record<string, number>>
}

export interface MetricsOptions {
  readonly underWay: () => number
  readonly readings: Readonly<Record<string, Reading | LabelledReading>>
  /** On every figure. */
  readonly labels?: Readonly<Record<string, string>>
}

/** Seconds: from below a lone reading to the longest a request may take. */
const BUCKETS = [0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]

/** How the node is doing, in the form that Prometheus reads. Numbers of requests and times; of nobody and no record. */
export class Metrics {
  readonly #registry = new Registry()
  /** By status; a counter of the library's takes a text apart at each step. */
  readonly #answers = new Map<number, number>()
  readonly #seconds: Histogram

  constructor({ underWay, readings, labels = {} }: MetricsOptions) {
    const registers = [this.#registry]
    this.#registry.setDefaultLabels(labels)
    const answers = this.#answers
    this.#registry.registerMetric(
      new Counter({
        name: 'varco_proxy_answers_total',
        help: 'Answers by HTTP status',
        labelNames: ['status'],
        registers: [],
        collect() {
          this.reset()
          for (const [status, count] of answers) this.inc({ status }, count)
        },
      }),
    )
    this.#seconds = new Histogram({
      name: 'varco_proxy_request_seconds',
      help: 'From the arrival of a request to its answer',
      buckets: BUCKETS,
      registers,
    })
    const all: MetricsOptions['readings'] = {
      varco_proxy_requests_under_way: { help: 'Requests being answered', value: underWay },
      varco_process_resident_bytes: {
        help: 'Memory held by the process',
        value: () => process.memoryUsage.rss(),
      },
      ...readings,
    }
    for (const [name, reading] of Object.entries(all)) this.#registry.registerMetric(gaugeOf(name, reading))
  }

  answered(status: number, milliseconds: number): void {
    this.#answers.set(status, (this.#answers.get(status) ?? 0) + 1)
    this.#seconds.observe(milliseconds / 1_000)
  }

  get contentType(): string {
    return this.#registry.contentType
  }

  text(): Promise<string> {
    return this.#registry.metrics()
  }
}

function gaugeOf(name: string, reading: Reading | LabelledReading): Gauge {
  const { help } = reading
  if ('value' in reading)
    return new Gauge({
      ...{ name, help, registers: [] },
      collect() {
        this.set(reading.value())
      },
    })
  return new Gauge({
    ...{ name, help, registers: [], labelNames: [reading.label] },
    collect() {
      for (const [of, value] of Object.entries(reading.values())) this.set({ [reading.label]: of }, value)
    },
  })
}
