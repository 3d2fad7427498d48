/** The words of the commands that look: `models`, `limits` and `doctor`. */
export interface LookWords {
  readonly provider: string;
  readonly address: string;
  readonly key: string;
  readonly formats: string;
  readonly alsoCalled: (names: string) => string;
  readonly model: string;
  readonly context: string;
  readonly priceUnknown: string;
  readonly models: (shown: string, all: string) => string;
  readonly limit: string;
  readonly value: string;
  readonly source: string;
  readonly used: string;
  readonly binding: string;
  readonly unknown: string;
  readonly unknownSource: string;
  readonly learnedBefore: (ago: string) => string;
  readonly learned: string;
  readonly auto: string;
  readonly header: string;
  readonly probeHint: string;
  readonly fix: string;
  readonly healthy: string;
  readonly broken: (count: string) => string;
}

/** The dictionary of a language. */
export const lookWords = (inChinese: boolean): LookWords => (inChinese ? chinese : english);

const english: LookWords = {
  provider: "provider",
  address: "address",
  key: "key",
  formats: "formats",
  alsoCalled: (names) => ` (${names})`,
  model: "model",
  context: "context",
  priceUnknown: "price unknown",
  models: (shown, all) => (shown === all ? `${all} models` : `${shown} of ${all} models`),
  limit: "limit",
  value: "value",
  source: "source",
  used: "used now",
  binding: "binding",
  unknown: "none known",
  unknownSource: "not set, nobody has said so far",
  learnedBefore: (ago) => `from an earlier run, ${ago} ago`,
  learned: "learned",
  auto: "auto",
  header: "the provider's headers",
  probeHint: "--probe makes one tiny call and shows what the provider says",
  fix: "fix",
  healthy: "nothing is broken",
  broken: (count) => (count === "1" ? "1 thing is broken" : `${count} things are broken`),
};

const chinese: LookWords = {
  provider: "服务商",
  address: "地址",
  key: "密钥",
  formats: "格式",
  alsoCalled: (names) => `（${names}）`,
  model: "模型",
  context: "上下文",
  priceUnknown: "价格未知",
  models: (shown, all) => (shown === all ? `共 ${all} 个模型` : `${all} 个模型中的 ${shown} 个`),
  limit: "限额",
  value: "数值",
  source: "来源",
  used: "当前使用",
  binding: "瓶颈",
  unknown: "未知",
  unknownSource: "未设定，尚无人告知",
  learnedBefore: (ago) => `来自之前的运行，${ago}前`,
  learned: "推测",
  auto: "自适应",
  header: "服务商响应头",
  probeHint: "--probe 会发送一个极小的请求，显示服务商给出的限额",
  fix: "解决",
  healthy: "一切正常",
  broken: (count) => `${count} 项有问题`,
};
