// Posts forms with Formspree's own client: {endpoint, posts: [{key, data, as}]} in, one result for each post out.
import { createClient, isSubmissionError } from '@formspree/core';

let input = '';
for await (const chunk of process.stdin) input += chunk;
const { endpoint, posts } = JSON.parse(input);

const client = createClient();
const results = [];
for (const { key, data, as } of posts) {
  let body = data;
  if (as === 'form') {
    body = new FormData();
    for (const [name, value] of Object.entries(data))
      for (const one of [value].flat()) body.append(name, one);
  }
  const result = await client.submitForm(key, body, { endpoint, clientName: 'crm-tests' });
  results.push(isSubmissionError(result)
    ? { kind: result.kind, form: result.getFormErrors(), fields: Object.fromEntries(result.getAllFieldErrors()) }
    : { kind: result.kind, next: result.next });
}
console.log(JSON.stringify(results));
