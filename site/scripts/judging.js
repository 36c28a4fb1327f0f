/** What a prediction comes to: the rules and the words of relukit/ledger/questions/. */

/** A positive number to so many digits, halves to the even one, as Python rounds. */
function halfEven(x, digits) {
  if (!x || digits < 1) return x;
  const [mantissa, exponent] = x.toExponential(40).split("e");
  const all = mantissa.replace(".", "");
  const tie = /^50*$/.test(all.slice(digits));
  if (!tie || all[digits - 1] % 2) return Number(x.toExponential(digits - 1));
  return Number(`${all[0]}.${all.slice(1, digits)}e${exponent}`);
}

/** A number as Python's format "g" prints it. */
export function general(x, digits = 6) {
  const sign = x < 0 || Object.is(x, -0) ? "-" : "";
  const size = halfEven(Math.abs(x), digits);
  const [mantissa, exponent] = size.toExponential().split("e");
  if (size && (exponent < -4 || exponent >= digits)) {
    const places = String(Math.abs(exponent)).padStart(2, "0");
    return `${sign}${mantissa}e${exponent < 0 ? "-" : "+"}${places}`;
  }
  return sign + size;
}

/** A number of at least 0 with so many decimals, halves to the even digit. */
export function fixed(x, decimals) {
  const places = Math.floor(Math.log10(x || 1)) + 1 + decimals;
  return halfEven(x, places).toFixed(decimals);
}

const rounded = difference => general(Number(general(difference, 2)), 12);

function withUnit(text, unit, difference = false) {
  if (difference && unit === "%") unit = text === "1" ? "point" : "points";
  return `${text} ${unit}`.trimEnd();
}

const outside = (number, [, low, high]) => Math.max(low - number, number - high, 0);

const each = (answer, n, test) =>
  Array.isArray(answer) && answer.length === n && answer.every(test);

const KINDS = {
  choice: {
    fits: (q, answer) => q.options.some(([letter]) => letter === answer),
    said: (q, answer) => {
      const words = q.options.find(([letter]) => letter === answer)[1];
      return words === answer ? answer : `${answer}) ${words}`;
    },
    score: (q, answer) => [q.holds.includes(answer) ? "right" : "off", ""],
  },
  number: {
    fits: (q, answer) => Number.isFinite(answer),
    said: (q, answer) => withUnit(general(answer), q.unit),
    score(q, answer) {
      const away = Math.abs(answer - q.value[0]);
      if (!outside(answer, q.value) || away <= q.right) return ["right", ""];
      return [away <= q.close ? "close" : "off", withUnit(rounded(away), q.unit, true)];
    },
  },
  order: {
    fits: (q, answer) =>
      each(answer, q.items.length, name => q.items.some(([short]) => short === name)) &&
      new Set(answer).size === answer.length,
    said: (q, answer) => answer.join(", "),
    score(q, answer) {
      const values = answer.map(name => q.items.find(([short]) => short === name)[2]);
      let wrong = 0;
      values.forEach((one, i) => {
        for (const other of values.slice(i + 1)) wrong += one[1] > other[2];
      });
      if (!wrong) return ["right", ""];
      const pairs = (values.length * (values.length - 1)) / 2;
      return [wrong === 1 ? "close" : "off", `${wrong} of ${pairs} pairs`];
    },
  },
  sketch: {
    fits: (q, answer) => each(answer, q.at.length, Number.isFinite),
    said: (q, answer) => withUnit(answer.map(y => general(y)).join(", "), q.unit),
    score(q, answer) {
      const away = answer.map((y, i) => outside(y, q.values[i]));
      const mean = away.reduce((sum, d) => sum + d, 0) / away.length;
      const span = Math.max(...q.values.map(v => v[2])) - Math.min(...q.values.map(v => v[1]));
      if (mean <= q.right * span) return ["right", ""];
      const by = `${withUnit(rounded(mean), q.unit, true)} on average`;
      return [mean <= q.close * span ? "close" : "off", by];
    },
  },
};

/** Whether an answer that was kept is one to the question as it is now. */
export const fits = (question, answer) => KINDS[question.kind].fits(question, answer);

/** An answer in words. */
export const said = (question, answer) => KINDS[question.kind].said(question, answer);

/** What an answer comes to: "right", "close" or "off", and by how much, or "". */
export const score = (question, answer) => KINDS[question.kind].score(question, answer);
