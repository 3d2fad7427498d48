import type { TemplateName } from "./templates.ts";

/** The words of `sluice init`. */
export interface InitWords {
  readonly title: string;
  readonly which: string;
  readonly template: Readonly<Record<TemplateName, string>>;
  readonly keyFound: (variable: string) => string;
  readonly writtenIn: string;
  readonly ignoreKeys: string;
  readonly cancelled: string;
  readonly wrote: string;
  readonly changed: string;
  readonly next: string;
  readonly keyMissing: (variable: string) => string;
  readonly orInEnvFile: string;
  readonly keyComment: (variable: string) => string;
  readonly limitsComment: string;
}

/** The dictionary of a language. */
export const initWords = (inChinese: boolean): InitWords => (inChinese ? chinese : english);

const english: InitWords = {
  title: "A configuration and an example to begin with",
  which: "What do you want to begin with?",
  template: {
    basic: "questions, one a line",
    openai: "OpenAI: a table of reviews to be labelled",
    deepseek: "DeepSeek: a table of reviews to be labelled",
    qwen: "Qwen (DashScope): a table of reviews to be labelled",
    ollama: "a model on this machine, without a key",
    batch: "requests as the OpenAI Batch API takes them",
  },
  keyFound: (variable) => `key in ${variable}`,
  writtenIn: "What shall the configuration be written in?",
  ignoreKeys: "Keys may stand in .env here: shall git ignore that file?",
  cancelled: "nothing was written",
  wrote: "wrote",
  changed: "changed",
  next: "next",
  keyMissing: (variable) => `${variable} is not set yet:`,
  orInEnvFile: "or a line in .env",
  keyComment: (variable) => `the key is read from ${variable}`,
  limitsComment: "Limits are learned from the provider; what you set here is never exceeded.",
};

const chinese: InitWords = {
  title: "生成一份配置和一个示例",
  which: "从哪里开始？",
  template: {
    basic: "每行一个问题",
    openai: "OpenAI：给一张评价表打标签",
    deepseek: "DeepSeek：给一张评价表打标签",
    qwen: "通义千问（百炼）：给一张评价表打标签",
    ollama: "本机模型，不需要密钥",
    batch: "OpenAI Batch 格式的请求",
  },
  keyFound: (variable) => `密钥已在 ${variable} 中`,
  writtenIn: "配置文件用哪种格式？",
  ignoreKeys: "密钥可以写在这里的 .env 中：要让 git 忽略它吗？",
  cancelled: "没有写入任何文件",
  wrote: "已写入",
  changed: "已修改",
  next: "接下来",
  keyMissing: (variable) => `尚未设置 ${variable}：`,
  orInEnvFile: "或在 .env 中写一行",
  keyComment: (variable) => `密钥从环境变量 ${variable} 读取`,
  limitsComment: "限额会从服务商处得知；这里设定的值绝不会被超过。",
};
