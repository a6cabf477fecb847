// Apollo Server as its own start page shows it. Requests by GET are allowed, so that the bench can ask whether it is ready.

import { ApolloServer } from '@apollo/server'
import { startStandaloneServer } from '@apollo/server/standalone'
import { schema, resolvers, port, host } from './leads.mjs'

await startStandaloneServer(new ApolloServer({ typeDefs: schema, resolvers, csrfPrevention: false }), { listen: { port, host } })
