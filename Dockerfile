# The games of this repository, or with two changes your own: your package in place of this one, and your compiled app
# as the argument of `start`. Debian 13 has the glibc that uWebSockets.js asks for; Alpine cannot run it.
FROM node:22-trixie-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts
COPY . .
RUN npm run build && npm prune --omit=dev --ignore-scripts
# Not every project has settings in a file, and COPY refuses what is not there.
RUN test -e tickcast.config.json || echo '{}' > tickcast.config.json

FROM node:22-trixie-slim
ENV NODE_ENV=production HOST=0.0.0.0 PORT=3000
WORKDIR /app
COPY --from=build /app/package.json /app/tickcast.config.json ./
COPY --from=build /app/bin/launcher.js ./bin/
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
USER node
EXPOSE 3000
HEALTHCHECK --interval=10s --timeout=3s --start-period=5s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/health`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
# Drains for 20 s by default: `docker stop` kills after 10 s, so say `docker stop --time 30`.
STOPSIGNAL SIGTERM
CMD ["node", "bin/launcher.js", "start"]
