import type { TokenCharge, Vendor } from "./vendor.ts";

/** The provider of that name or alias. */
export const findVendor = (name: string): Vendor | undefined => byName.get(name.toLowerCase());

const arkCodes = {
  AccountOverdueError: "quota_exhausted",
  SetLimitExceeded: "quota_exhausted",
  QuotaExceeded: "quota_exhausted",
  ServerOverloaded: "overloaded",
  ModelNotOpen: "not_found",
  SensitiveContentDetected: "content_filter",
  InputTextSensitiveContentDetected: "content_filter",
  InputTextRiskDetection: "content_filter",
} as const;

const dashscopeCodes = {
  insufficient_quota: "throttled",
  "Throttling.AllocationQuota": "throttled",
  "Throttling.RateQuota": "throttled",
  "AllocationQuota.FreeTierOnly": "quota_exhausted",
  Arrearage: "quota_exhausted",
  data_inspection_failed: "content_filter",
  DataInspectionFailed: "content_filter",
} as const;

const moonshotCodes = {
  exceeded_current_quota_error: "quota_exhausted",
  engine_overloaded_error: "overloaded",
  rate_limit_reached_error: "throttled",
} as const;

const zhipuCodes = {
  "1000": "auth",
  "1001": "auth",
  "1002": "auth",
  "1003": "auth",
  "1004": "auth",
  "1110": "auth",
  "1111": "auth",
  "1112": "auth",
  "1113": "quota_exhausted",
  "1121": "auth",
  "1211": "not_found",
  "1220": "auth",
  "1221": "auth",
  "1222": "auth",
  "1234": "server",
  "1261": "context_length",
  "1301": "content_filter",
  "1302": "throttled",
  "1303": "throttled",
  "1304": "quota_exhausted",
  "1305": "overloaded",
  "1308": "quota_exhausted",
  "1309": "quota_exhausted",
  "1310": "quota_exhausted",
  "1311": "not_found",
  "1312": "overloaded",
  "1313": "quota_exhausted",
} as const;

/** What the status says is left to it: a 400 may be about money, or about the length of the prompt. */
const anthropicCodes = {
  ramp_limit_exceeded: "throttled",
  enforced_spend_limit_reached: "quota_exhausted",
  contract_spend_limit_reached: "quota_exhausted",
  authentication_error: "auth",
  permission_error: "auth",
  billing_error: "quota_exhausted",
  not_found_error: "not_found",
  request_too_large: "too_large",
  rate_limit_error: "throttled",
  conflict_error: "server",
  api_error: "server",
  timeout_error: "server",
  overloaded_error: "overloaded",
} as const;

/** Google's statuses, and a reason that hides behind INVALID_ARGUMENT; the rest is told by the number. */
const geminiCodes = {
  API_KEY_INVALID: "auth",
  UNAUTHENTICATED: "auth",
  BILLING_DISABLED: "quota_exhausted",
  RESOURCE_EXHAUSTED: "throttled",
  UNAVAILABLE: "overloaded",
  DEADLINE_EXCEEDED: "server",
  INTERNAL: "server",
  CANCELLED: "server",
} as const;

/** The bound on the output counts when the call is let in, and stays counted. */
const boundKept: TokenCharge = { output: "bound", kept: true };

/** Only what is really produced counts, or nothing but the number of calls does. */
const asUsed: TokenCharge = { output: "used" };

const hosted = (name: string, baseURL: string, keyVariable: string, quirks: Partial<Vendor> = {}): Vendor => ({
  name,
  baseURL,
  keyVariables: [keyVariable],
  keyRequired: true,
  ...quirks,
});

const selfHosted = (name: string, port: number, quirks: Partial<Vendor> = {}): Vendor => ({
  name,
  baseURL: `http://localhost:${port}/v1`,
  keyVariables: [],
  keyRequired: false,
  tokenCharge: asUsed,
  ...quirks,
});

const vendors: readonly Vendor[] = [
  hosted("openai", "https://api.openai.com/v1", "OPENAI_API_KEY", {
    baseURLVariable: "OPENAI_BASE_URL",
    outputBoundField: "max_completion_tokens",
    tokenCharge: boundKept,
  }),
  hosted("anthropic", "https://api.anthropic.com/v1", "ANTHROPIC_API_KEY", {
    baseURLVariable: "ANTHROPIC_BASE_URL",
    basePath: "/v1",
    conversation: "messages",
    codes: anthropicCodes,
    tokenCharge: asUsed,
  }),
  hosted("gemini", "https://generativelanguage.googleapis.com/v1beta", "GEMINI_API_KEY", {
    aliases: ["google"],
    keyVariables: ["GOOGLE_API_KEY", "GEMINI_API_KEY"],
    baseURLVariable: "GOOGLE_GEMINI_BASE_URL",
    basePath: "/v1beta",
    conversation: "generate",
    paths: { chat: "/openai/chat/completions", embeddings: "/openai/embeddings" },
    codes: geminiCodes,
    tokenCharge: asUsed,
    failedFinishReasons: { MALFORMED_FUNCTION_CALL: "malformed", MALFORMED_RESPONSE: "malformed" },
  }),
  hosted("deepseek", "https://api.deepseek.com", "DEEPSEEK_API_KEY", {
    paths: { messages: "/anthropic/v1/messages" },
    tokenCharge: asUsed,
    failedFinishReasons: { insufficient_system_resource: "overloaded" },
  }),
  hosted("dashscope", "https://dashscope.aliyuncs.com/compatible-mode/v1", "DASHSCOPE_API_KEY", {
    aliases: ["qwen"],
    keyVariables: ["DASHSCOPE_API_KEY", "ALIBABA_API_KEY"],
    codes: dashscopeCodes,
    tokenCharge: asUsed,
  }),
  hosted("moonshot", "https://api.moonshot.cn/v1", "MOONSHOT_API_KEY", {
    aliases: ["kimi"],
    codes: moonshotCodes,
    tokenCharge: boundKept,
    dayUsedUp: /\bTPD\b/,
  }),
  hosted("zhipu", "https://open.bigmodel.cn/api/paas/v4", "ZHIPU_API_KEY", {
    keyVariables: ["ZHIPU_API_KEY", "ZAI_API_KEY"],
    codes: zhipuCodes,
    tokenCharge: asUsed,
    failedFinishReasons: { network_error: "server" },
  }),
  hosted("ark", "https://ark.cn-beijing.volces.com/api/v3", "ARK_API_KEY", {
    aliases: ["volcengine", "doubao"],
    codes: arkCodes,
  }),
  hosted("siliconflow", "https://api.siliconflow.cn/v1", "SILICONFLOW_API_KEY"),
  hosted("mistral", "https://api.mistral.ai/v1", "MISTRAL_API_KEY", {
    seedField: "random_seed",
    refusesStreamOptions: true,
  }),
  hosted("groq", "https://api.groq.com/openai/v1", "GROQ_API_KEY", {
    dailyRequestHeaders: true,
    statuses: { 498: "overloaded" },
  }),
  hosted("xai", "https://api.x.ai/v1", "XAI_API_KEY", { tokenCharge: asUsed }),
  hosted("openrouter", "https://openrouter.ai/api/v1", "OPENROUTER_API_KEY", {
    paymentMayWait: true,
    failedFinishReasons: { error: "server" },
  }),
  hosted("together", "https://api.together.xyz/v1", "TOGETHER_API_KEY", { statuses: { 403: "context_length" } }),
  hosted("fireworks", "https://api.fireworks.ai/inference/v1", "FIREWORKS_API_KEY", { tokenCharge: asUsed }),
  hosted("cerebras", "https://api.cerebras.ai/v1", "CEREBRAS_API_KEY", { tokenCharge: { output: "bound" } }),
  selfHosted("ollama", 11434),
  selfHosted("vllm", 8000),
  selfHosted("sglang", 30000, { failedFinishReasons: { abort: "server" } }),
  selfHosted("llamacpp", 8080),
];

/** The names that `findVendor` knows, without the aliases. */
export const vendorNames: readonly string[] = vendors.map((vendor) => vendor.name);

const byName: ReadonlyMap<string, Vendor> = new Map(
  vendors.flatMap((vendor) => [vendor.name, ...(vendor.aliases ?? [])].map((name) => [name, vendor] as const)),
);
