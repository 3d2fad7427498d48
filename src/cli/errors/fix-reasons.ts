/** Why a fix may help. */
export type FixReason =
  | "afterwards"
  | "credit"
  | "key"
  | "later"
  | "leave"
  | "limits"
  | "longerContext"
  | "models"
  | "network"
  | "otherModel"
  | "patience"
  | "request"
  | "schema"
  | "shorten"
  | "slower"
  | "smaller";

/** The reasons in a language. */
export const fixReasons = (inChinese: boolean): Readonly<Record<FixReason, string>> => (inChinese ? chinese : english);

const english: Readonly<Record<FixReason, string>> = {
  afterwards: "then run these rows again",
  credit: "add credit or raise the quota, then",
  key: "a key that may do this; check it with",
  later: "the fault is the provider's; in a while",
  leave: "leave them: the other rows are complete",
  limits: "see what the provider allows",
  longerContext: "a model that takes more",
  models: "the models that there are",
  network: "look at the address, the proxy and the certificate",
  otherModel: "another model",
  patience: "more time for each attempt",
  request: "change what the message names (-m, -P, --max-tokens), then",
  schema: "widen the schema or make the prompt stricter, then",
  shorten: "shorten these rows of the input",
  slower: "fewer at once",
  smaller: "smaller requests",
};

const chinese: Readonly<Record<FixReason, string>> = {
  afterwards: "然后重新运行这些行",
  credit: "充值或提高额度，然后",
  key: "换用有权限的密钥，并检查",
  later: "故障在服务商一侧，稍后",
  leave: "不处理：其余各行都已完成",
  limits: "查看服务商允许的限额",
  longerContext: "上下文更长的模型",
  models: "查看有哪些模型",
  network: "检查地址、代理和证书",
  otherModel: "换一个模型",
  patience: "给每次尝试更多时间",
  request: "修改消息所指之处（-m、-P、--max-tokens），然后",
  schema: "放宽 schema 或收紧提示词，然后",
  shorten: "缩短输入中的这些行",
  slower: "减少并发",
  smaller: "缩小请求",
};
