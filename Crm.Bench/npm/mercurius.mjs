// mercurius on fastify, its JIT on from the first request.

import Fastify from 'fastify'
import mercurius from 'mercurius'
import { schema, resolvers, port, host } from './leads.mjs'

const app = Fastify()
app.register(mercurius, { schema, resolvers, jit: 1 })
await app.listen({ port, host })
