// Reads a CSV text as a program does that believes in this separator: {text, separator} in, rows of cells out.
import { readFileSync } from "node:fs";
import { parse } from "csv-parse/sync";

const { text, separator } = JSON.parse(readFileSync(0, "utf8"));
console.log(JSON.stringify(parse(text, { delimiter: separator, relax_quotes: true, relax_column_count: true })));
