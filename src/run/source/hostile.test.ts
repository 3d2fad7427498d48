import { describe, expect, it } from "vitest";
import { asks, sourceFolder } from "../../../test/fixtures/source-file.ts";

const { read, failure } = sourceFolder();
const prompt = "{{q}}";

describe("hostile input", () => {
  it.each(["[", '{"a":'])("is refused when it is nested 100,000 deep in %j", async (opening) => {
    const deep = opening.repeat(100_000);
    const closed = `${deep}1${(opening === "[" ? "]" : "}").repeat(100_000)}`;
    for (const line of [`{"prompt":"a","x":${closed}}`, closed]) {
      const error = await failure(`"fine"\n${line}\n`);
      expect(error).toMatchObject({ name: "InputError", line: 2 });
      expect(error.message).toContain("nested more than 500 levels deep");
    }
    expect((await failure(`"fine"\n${deep}\n`)).message).toContain("line 2: not valid JSON");
    const list = await failure(`["fine",\n${closed}\n]`, { file: "in.json" });
    expect(list.message).toContain("in.json line 2: nested more than 500");
  });

  it("may have ids that mean something elsewhere", async () => {
    const ids = ["__proto__", "constructor", "../../x", "C:\\x", "-", "\u0000", "a\nb", "😀", "' OR 1=1"];
    const content = ids.map((id) => `${JSON.stringify({ custom_id: id, prompt: "a" })}\n`).join("");
    const { rows } = await read(content);
    expect(rows.map(({ id }) => id)).toEqual(ids);
    expect(Object.keys(Object.prototype)).toEqual([]);
  });

  it.each([
    ["x".repeat(1_000_000), "must be a text of 1 to 512 characters"],
    ["half a letter: \ud800", "must be a text of 1 to 512 characters"],
  ])("is refused for an id that cannot be one", async (id, words) => {
    const { message } = await failure(`"fine"\n${JSON.stringify({ custom_id: id, prompt: "a" })}\n`);
    expect(message).toContain(words);
    expect(message.length).toBeLessThan(600);
  });

  it("takes half a letter in a text as it is", async () => {
    expect(asks((await read('{"prompt":"a\\ud800"}\n')).rows)).toEqual(["a\ud800"]);
  });

  it("is refused for NUL bytes in text and tables, and for lines of nothing else", async () => {
    expect((await failure("fine\na\0b\n", { file: "in.txt" })).message).toContain("line 2: a NUL byte at byte 6");
    expect((await failure("q\na\0b\n", { file: "in.csv", prompt })).message).toContain("line 2: a NUL byte at byte 3");
    expect((await failure('{"prompt":"a"}\n\0\0\0\0\n')).message).toContain("line 2: not valid JSON");
    expect((await failure('{"prompt":"a\0"}\n')).message).toContain("unexpected control character");
    expect(asks((await read('{"prompt":"a\\u0000"}\n')).rows)).toEqual(["a\0"]);
  });

  it("keeps all digits of numbers in ids and columns", async () => {
    const content =
      '{"custom_id":9007199254740993,"q":[12345678901234567890,"-1\\"2",1e20,-9007199254740993],"n":5,"seed":5}\n';
    const { rows } = await read(content, { prompt: "{{q}} {{n}}" });
    expect(rows[0]?.id).toBe("9007199254740993");
    expect(asks(rows)).toEqual(['["12345678901234567890","-1\\"2",100000000000000000000,"-9007199254740993"] 5']);
  });

  it("leaves the numbers of requests as they are", async () => {
    const body = '{"messages":[{"role":"user","content":"a"}],"seed":9007199254740993}';
    const { rows } = await read(
      `{"custom_id":12345678901234567890,"body":${body}}\n{"prompt":"a","seed":9007199254740993}\n`,
    );
    expect(rows.map((row) => typeof row.body["seed"])).toEqual(["number", "number"]);
    expect(rows[0]?.id).toBe("12345678901234567890");
  });

  it("gives a table with a stray quote back all rows but the one that has it", async () => {
    const content = 'id,q\n1,a\n2,"open\n3,c\n4,d\n5,"e"\n6,"f ""x"""\n7,"g\nh"\n8,"i" j\n9,k\n';
    const { rows } = await read(content, { file: "in.csv", prompt, inputErrors: "skip" });
    expect(asks(rows)).toEqual(["a", "c", "d", "e", 'f "x"', "g\nh", "k"]);
    const { message } = await failure(content, { file: "in.csv", prompt });
    expect(message).toMatch(/2 rows of the input[^]*line 3, byte 9: a quote inside a quoted cell[^]*line 10, byte/);
  });

  it.each([
    ["a;b\n1;x,y\n", ["x,y"]],
    ['"a;1";b;c\n1;2;3\n', ["2"]],
    ["sep=;\na;b\n1;x,y\n", ["x,y"]],
    ["a\tb\n1\tx\n", ["x"]],
    ["a,b;c\n1,x\n", undefined],
    ["a,b\r1,x\r2,y\r", ["x", "y"]],
    ['a,b\n1,"two\r\nlines"\n', ["two\r\nlines"]],
  ])("finds what stands between the cells of %j", async (content, expected) => {
    if (expected === undefined)
      expect((await failure(content, { file: "in.csv", prompt: "{{b}}" })).message).toContain("b;c");
    else expect(asks((await read(content, { file: "in.csv", prompt: "{{b}}" })).rows)).toEqual(expected);
  });
});
