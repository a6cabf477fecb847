// What both servers share: the schema, the leads from the bench's file, and the port it chose.

import { readFileSync } from 'node:fs'

export const schema = `
  type Query { leads(first: Int): [Lead!]! }
  type Lead { id: ID! version: Int! createdAt: String! firstName: String lastName: String company: String jobTitle: String language: String status: String score: Int }
`

const all = JSON.parse(readFileSync(process.argv[2], 'utf8'))

export const resolvers = { Query: { leads: (_, { first }) => first == null || first >= all.length ? all : all.slice(0, first) } }

export const port = Number(new URL(process.env.ASPNETCORE_URLS).port)
export const host = '127.0.0.1'
