FROM node:24-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc tsconfig.json tsconfig.build.json ./
RUN npm ci
COPY src src
RUN npm run build && npm prune --omit=dev

FROM node:24-slim
ENV NODE_ENV=production HOST=0.0.0.0 PORT=8000 CREWS_DIR=/app/crews DATABASE_URL=sqlite:/data/coxswain.db
WORKDIR /app
# Where data is kept, and what Node compiles, for a quicker and smaller start.
ENV NODE_COMPILE_CACHE=/app/.cache
RUN ln -s /app/bin/coxswain.js /usr/local/bin/coxswain
RUN mkdir /data .cache && chown node:node /data .cache && chmod 700 /data
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/dist dist
COPY bin bin
COPY python python
COPY crews crews
USER node
# A crew with an error does not get into an image.
RUN node dist/cli.js validate
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=3s --start-period=5s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/readyz`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "--max-semi-space-size=4", "dist/cli.js", "serve"]
