import type { DoctorWords } from "./doctor-words.ts";

/** In Chinese. */
export const chinese: DoctorWords = {
  topics: {
    node: "Node",
    config: "配置",
    keys: "密钥",
    key: "密钥",
    proxy: "代理",
    address: "地址",
    answer: "响应",
    clock: "时钟",
    terminal: "终端",
    cache: "缓存",
  },
  nodeTooOld: (version) => `${version} 版本过旧`,
  nodeFix: (oldest) => `安装 Node ${oldest} 或更新版本：https://nodejs.org`,
  terminal: (columns, colours, utf8) =>
    [
      columns === undefined ? "不是终端：逐行输出" : `终端，${columns} 列`,
      colours ? "彩色" : "无颜色",
      utf8 ? "UTF-8" : "仅 ASCII",
    ].join("，"),
  terminalFix: (windows) => (windows ? "请使用 Windows Terminal" : "export LANG=C.UTF-8"),
  cacheOff: "已按 SLUICE_CACHE 关闭",
  cacheNowhere: "没有存放位置：推测出的限额不会保留",
  cacheNowhereFix: "设置 HOME 或 XDG_CACHE_HOME",
  cacheUnwritable: (folder, why) => `${folder} 无法写入：${why}`,
  cacheFix: "改为可写，或 export XDG_CACHE_HOME=/另一个/目录",
  noConfig: "没有配置文件：只有命令行参数和环境变量",
  configFix: "修正该文件；sluice config --origin 显示生效的配置",
  configKeyFix: '把密钥写进 .env（并让 git 忽略它），此处改为 "$VARIABLE"',
  noKeys: "没有设置任何服务商的密钥",
  noKeysFix: "sluice demo 不需要密钥；或 export OPENAI_API_KEY=…（sluice models 列出其他服务商），或给出 --base-url",
  keyMissing: (provider) => `没有 ${provider} 的 API 密钥`,
  noKeyNeeded: "没有，也不需要",
  keyFrom: (mask, source) => `${mask}，来自 ${source}`,
  keyUnprintable: (key) => `${key}：其中有空格、换行或非 ASCII 字符`,
  keyUnprintableFix: (source, isVariable) =>
    isVariable ? `去掉它们，重新 export ${source}=…` : `修正 ${source} 中的密钥`,
  addressFix: (variable) => `export ${variable}=https://…`,
  noProxy: "无：直接连接",
  through: (proxy) => `经由 ${proxy}`,
  proxyNoAddress: "代理不是有效地址",
  hostIs: (host, address) => `${host} 即 ${address}`,
  hostUnknown: (host, why) => `找不到主机 ${host}：${why}`,
  answered: (status, ms) => `${status}，用时 ${ms} 毫秒`,
  reachable: (status, ms) => `可以连接，用时 ${ms} 毫秒；没有模型列表（${status}）`,
  busy: (status) => `可以连接，但正忙（${status}）`,
  late: (seconds) => `${seconds} 秒内没有响应`,
  clockRight: "准确",
  clockAhead: (seconds) => `比服务器快 ${seconds} 秒`,
  clockBehind: (seconds) => `比服务器慢 ${seconds} 秒`,
  clockFix: "校准时钟（NTP）：retry-after 中的日期和 TLS 证书都以它为准",
  refused: (provider, source, isVariable, others) => {
    const [first] = others;
    const region = first === undefined ? "" : `；${others.join(" 或 ")} 的密钥用 -m ${first} 检查`;
    const place = isVariable ? `export ${source}=…` : `写到 ${source} 处`;
    return `在 ${provider} 创建有权限的密钥，然后 ${place}${region}`;
  },
  keyWanted: "此服务器需要密钥：export SLUICE_API_KEY=…",
  fixes: {
    certificate: "代理是否在检查 TLS？export NODE_EXTRA_CA_CERTS=/路径/ca.pem；否则请检查地址和时钟",
    tls: "检查地址是 http 还是 https",
    deserted: "服务是否在运行，端口是否正确？代理也可能有误：HTTPS_PROXY、NO_PROXY",
    proxyPassword: "代理需要用户名和密码：export HTTPS_PROXY=http://用户名:密码@主机:端口",
    proxyRefuses: "代理拒绝此地址：在代理中放行，或 export NO_PROXY=该主机",
    name: "检查拼写、网络和 DNS；如果需要代理，export HTTPS_PROXY=http://主机:端口",
    firewall: "可能被防火墙阻挡：如果需要代理，export HTTPS_PROXY=http://主机:端口",
    redirect: "把 --base-url 设为真正响应的地址",
    proxyAddress: "export HTTPS_PROXY=http://主机:端口",
    later: "稍后再试；如果依旧如此，请查看服务商的状态页",
  },
};
