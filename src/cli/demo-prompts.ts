/** Example questions, as many as are asked for; after some hundreds they come again with another number. */
export const demoPrompts = (count: number): readonly string[] =>
  Array.from({ length: count }, (_, index) => {
    const question = questions[index % questions.length] ?? (() => "");
    const subject = subjects[Math.floor(index / questions.length) % subjects.length] ?? "";
    const round = Math.floor(index / (questions.length * subjects.length));
    return round === 0 ? question(subject) : `${question(subject)} (variant ${round + 1})`;
  });

const questions: readonly ((subject: string) => string)[] = [
  (subject) => `Explain ${subject} to a ten-year-old in one sentence.`,
  (subject) => `Name three everyday examples of ${subject}.`,
  (subject) => `What is the most common misunderstanding about ${subject}?`,
  (subject) => `Write a haiku about ${subject}.`,
  (subject) => `Give one question that a teacher could ask about ${subject}.`,
  (subject) => `Who first described ${subject}, and when?`,
  (subject) => `Why does ${subject} matter, in at most twenty words?`,
  (subject) => `Translate the words "${subject}" into Chinese and French.`,
  (subject) => `Which book would you recommend about ${subject}?`,
  (subject) => `Make a riddle whose answer is ${subject}.`,
  (subject) => `用一句话解释 ${subject}。`,
  (subject) => `What would the world be like without ${subject}?`,
  (subject) => `List two arguments that people have about ${subject}.`,
  (subject) => `Describe a picture that shows ${subject}.`,
  (subject) => `Classify "${subject}" as physics, biology, economics or art.`,
];

const subjects: readonly string[] = [
  "the tides",
  "photosynthesis",
  "inflation",
  "perspective in painting",
  "the immune system",
  "supply and demand",
  "gravity",
  "evaporation",
  "compound interest",
  "rhyme",
  "magnetism",
  "migration of birds",
  "echoes",
  "bread rising",
  "rainbows",
  "opportunity cost",
  "the seasons",
  "fermentation",
  "symmetry",
  "sound waves",
];
