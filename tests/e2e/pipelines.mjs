// Files of three made-up pipelines with six stages each, in shapes that Callboard does not know.

const json = (value) => `${JSON.stringify(value, null, 2)}\n`;

const ACTS = ["pitch", "treatment", "casting", "shoot", "cut", "premiere"];
const LIGHTS = { g: "green", a: "amber", w: "grey", r: "red" };

/** A film: an object of stages, with lights for statuses. */
const film = (number, title, lights, spent) => ({
  path: `films/film-${number}.json`,
  bytes: json({
    film: `film-${number}`,
    about: { title, day: number },
    money: { spent, cap: 40 },
    acts: Object.fromEntries(ACTS.map((act, at) => [act, { light: LIGHTS[lights[at]], eur: at + 0.5 }])),
  }),
});

const STEPS = ["Recherche", "Entwurf", "Lektorat", "Satz", "Freigabe", "Versand"];
const STANDS = { f: "fertig", a: "in Arbeit", o: "offen", x: "fehlgeschlagen" };

/** A newsletter: a list of stages, with German words. */
const letter = (number, title, stands, cost) => ({
  path: `newsletter/brief-${number}.json`,
  bytes: json({
    ausgabe: number,
    betreff: title,
    kosten: cost,
    schritte: STEPS.map((schritt, at) => ({ schritt, stand: STANDS[stands[at]], wer: `agent-${at}` })),
  }),
});

const JOBS = ["scout", "record", "clean", "mix", "master", "publish"];

/** A field recording: flat keys, with the episode's number in the folder's name. */
const field = (number, title, marks) => ({
  path: `field_0${number}/board.json`,
  bytes: json({
    theme: title,
    ...Object.fromEntries(JOBS.flatMap((job, at) => [[`${job}_status`, marks[at]], [`${job}_cost`, marks[at] === "x" ? 0.5 : 0]])),
    limit: 5,
  }),
});

export const FILMS = [
  film(1, "Lighthouse", "ggawww", "$9.50"),
  film(2, "Harbour", "gggggg", "$31.00"),
  film(3, "Dyke", "gggrww", "$14.25"),
  film(4, "Ebb", "wwwwww", "$0.00"),
];

export const LETTERS = [
  letter(11, "Herbst", "fffaoo", "1.20"),
  letter(12, "Winter", "ffffff", "2.40"),
  letter(13, "Frühling", "ffxooo", "0.90"),
];

export const FIELDS = [field(7, "Salt", "xxo---"), field(8, "Fog", "xxxxxx"), field(9, "Hail", "------")];

/** Files that none of the three shapes may read. */
export const OTHERS = [
  { path: "films/crew.json", bytes: json({ crew: [{ name: "Ada" }], acts: 3 }) },
  { path: "newsletter/subscribers.json", bytes: json({ betreff: "Liste", schritte: 0 }) },
];
