/** The words of the commands that look at runs: `errors`, `show` and `status`. */
export interface RunLookWords {
  readonly failedOf: (failed: string, rows: string, percent: string) => string;
  readonly causes: (count: string) => string;
  /** Causes that are only in `--json`. */
  readonly moreCauses: (count: string) => string;
  readonly noneFailed: (output: string) => string;
  readonly noneFailedSo: (output: string, code: string) => string;
  readonly unreadableLines: (lines: string) => string;
  readonly variousMessages: string;
  readonly attempts: (least: string, most: string) => string;
  readonly moreIds: (count: string) => string;
  /** What stands before ids of rows. */
  readonly ids: string;
  /** What stands before a command: to look, to try, or to do otherwise. */
  readonly see: string;
  readonly try: string;
  readonly or: string;
  /** A reason, before the command that it is for. */
  readonly because: (reason: string) => string;
  readonly answered: string;
  readonly failedWith: (code: string) => string;
  readonly notDone: string;
  /** Attempts that left and were not answered; of a run that goes on, or that has ended. */
  readonly onItsWay: (attempts: string, isLive: boolean) => string;
  readonly notSentYet: string;
  readonly model: string;
  readonly key: string;
  readonly time: string;
  readonly waited: string;
  readonly paid: string;
  readonly possiblyPaid: (attempts: string) => string;
  readonly queued: (duration: string) => string;
  readonly answerTook: (duration: string) => string;
  readonly finishedAt: (time: string) => string;
  readonly message: string;
  readonly partial: string;
  readonly answer: string;
  readonly noText: string;
  readonly inputGone: (input: string) => string;
  readonly notInInput: (input: string) => string;
  readonly promptUnknown: string;
  readonly states: Readonly<Record<"reading" | "running" | "draining" | "aborting" | "killed" | "unknown", string>>;
  readonly outcomes: Readonly<Record<string, string>>;
  readonly endedWith: (outcome: string, code: string) => string;
  readonly ago: (duration: string) => string;
  readonly input: string;
  readonly started: string;
  readonly updated: string;
  readonly process: string;
  readonly processOn: (pid: string, host: string) => string;
  readonly head: Readonly<Record<"state" | "output" | "rows" | "failed" | "rate" | "cost" | "updated", string>>;
  readonly noRuns: string;
  readonly watch: string;
  readonly goOn: string;
  readonly runAgain: string;
}

/** The dictionary of a language. */
export const runLookWords = (inChinese: boolean): RunLookWords => (inChinese ? chinese : english);

const english: RunLookWords = {
  failedOf: (failed, rows, percent) => `${failed} failed of ${rows} (${percent})`,
  causes: (count) => (count === "1" ? "1 cause" : `${count} causes`),
  moreCauses: (count) => `… ${count} more ${count === "1" ? "cause" : "causes"}, rarer than these; --json has them all`,
  noneFailed: (output) => `${output}: no row has failed`,
  noneFailedSo: (output, code) => `${output}: no row has failed with ${code}`,
  unreadableLines: (lines) => `${lines} lines of the errors file cannot be read; they are not counted`,
  variousMessages: "(various messages)",
  attempts: (least, most) =>
    least === most ? (most === "1" ? "1 attempt" : `${most} attempts`) : `${least}–${most} attempts`,
  moreIds: (count) => `… ${count} more`,
  ids: "rows",
  see: "see",
  try: "try",
  or: "or",
  because: (reason) => `${reason}:`,
  answered: "answered",
  failedWith: (code) => `failed: ${code}`,
  notDone: "no outcome yet",
  onItsWay: (attempts, isLive) =>
    isLive
      ? "sent, and not answered yet"
      : `${attempts === "1" ? "1 attempt was" : `${attempts} attempts were`} sent and not answered: possibly paid`,
  notSentYet: "not sent yet",
  model: "model",
  key: "key",
  time: "time",
  waited: "waited",
  paid: "paid",
  possiblyPaid: (attempts) =>
    attempts === "1"
      ? "1 attempt without an answer may have been charged"
      : `${attempts} attempts without an answer may have been charged`,
  queued: (duration) => `queued ${duration}`,
  answerTook: (duration) => `answer ${duration}`,
  finishedAt: (time) => `finished ${time}`,
  message: "message",
  partial: "the text so far",
  answer: "answer",
  noText: "(no text; --json shows the whole record)",
  inputGone: (input) => `the prompt cannot be shown: ${input} is not there any more, or not as it was`,
  notInInput: (input) => `the prompt cannot be shown: ${input} has no such row any more`,
  promptUnknown: "the prompt cannot be shown: the run's folder does not say where the input is",
  states: {
    reading: "reading",
    running: "running",
    draining: "stopping",
    aborting: "aborting",
    killed: "stopped (killed)",
    unknown: "unknown",
  },
  outcomes: {
    complete: "finished",
    "failed-rows": "finished, some rows failed",
    "stopped-early": "stopped early",
    drained: "stopped by a signal",
    aborted: "stopped by a signal",
    bounded: "stopped by a bound",
    error: "stopped by an error",
  },
  endedWith: (outcome, code) => `${outcome} (exit ${code})`,
  ago: (duration) => `${duration} ago`,
  input: "input",
  started: "started",
  updated: "updated",
  process: "process",
  processOn: (pid, host) => `${pid} on ${host}`,
  head: {
    state: "state",
    output: "output",
    rows: "rows",
    failed: "failed",
    rate: "rate",
    cost: "cost",
    updated: "updated",
  },
  noRuns: "no run of this machine is known; sluice status labels.jsonl looks at one by its output",
  watch: "watch it",
  goOn: "go on with it",
  runAgain: "run the failed rows again",
};

const chinese: RunLookWords = {
  failedOf: (failed, rows, percent) => `共 ${rows} 行，失败 ${failed} 行（${percent}）`,
  causes: (count) => `${count} 种原因`,
  moreCauses: (count) => `… 另有 ${count} 种更少见的原因；--json 列出全部`,
  noneFailed: (output) => `${output}：没有失败的行`,
  noneFailedSo: (output, code) => `${output}：没有因 ${code} 失败的行`,
  unreadableLines: (lines) => `错误文件中有 ${lines} 行无法读取，未计入`,
  variousMessages: "（各种消息）",
  attempts: (least, most) => (least === most ? `尝试 ${most} 次` : `尝试 ${least}–${most} 次`),
  moreIds: (count) => `… 另有 ${count} 个`,
  ids: "示例",
  see: "查看",
  try: "尝试",
  or: "或者",
  because: (reason) => `${reason}：`,
  answered: "已成功",
  failedWith: (code) => `失败：${code}`,
  notDone: "尚无结果",
  onItsWay: (attempts, isLive) => (isLive ? "已发送，尚未收到响应" : `已发送 ${attempts} 次而未收到响应，可能已被计费`),
  notSentYet: "尚未发送",
  model: "模型",
  key: "密钥",
  time: "时间",
  waited: "等待",
  paid: "计费",
  possiblyPaid: (attempts) => `有 ${attempts} 次尝试未得到响应，但可能已被计费`,
  queued: (duration) => `排队 ${duration}`,
  answerTook: (duration) => `响应 ${duration}`,
  finishedAt: (time) => `完成于 ${time}`,
  message: "消息",
  partial: "已收到的部分",
  answer: "回答",
  noText: "（没有文本；--json 显示完整记录）",
  inputGone: (input) => `无法显示提示词：${input} 已不存在或已改变`,
  notInInput: (input) => `无法显示提示词：${input} 中已没有这一行`,
  promptUnknown: "无法显示提示词：运行目录没有记录输入的位置",
  states: {
    reading: "读取输入",
    running: "运行中",
    draining: "正在停止",
    aborting: "正在中止",
    killed: "已停止（进程被终止）",
    unknown: "未知",
  },
  outcomes: {
    complete: "已完成",
    "failed-rows": "已完成，部分行失败",
    "stopped-early": "提前停止",
    drained: "被信号停止",
    aborted: "被信号停止",
    bounded: "达到设定的界限而停止",
    error: "因错误停止",
  },
  endedWith: (outcome, code) => `${outcome}（退出码 ${code}）`,
  ago: (duration) => `${duration}前`,
  input: "输入",
  started: "开始",
  updated: "更新",
  process: "进程",
  processOn: (pid, host) => `${pid}，位于 ${host}`,
  head: { state: "状态", output: "输出", rows: "行数", failed: "失败", rate: "速率", cost: "费用", updated: "更新" },
  noRuns: "没有找到本机的运行记录；用 sluice status labels.jsonl 按输出文件查看",
  watch: "持续查看",
  goOn: "继续运行",
  runAgain: "重新运行失败的行",
};
