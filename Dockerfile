# The image that Marathon, systemd or Docker starts: `mainstay` with the example frameworks. See docs/production.md.
FROM node:24-bookworm-slim AS node
WORKDIR /mainstay

FROM node AS build
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts
COPY . .
RUN npm run build

FROM node AS packages
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev --ignore-scripts

FROM node
LABEL org.opencontainers.image.title="mainstay" \
      org.opencontainers.image.description="A generic scheduler for stateful services on Apache Mesos" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="0.1.0"
# Package managers are of no use in a tree that cannot be written, but to an intruder.
RUN rm -rf /usr/local/lib/node_modules /opt/yarn-* /usr/local/bin/np? /usr/local/bin/yarn* /usr/local/bin/corepack \
 && ln -s ../../../mainstay/bin/mainstay.js /usr/local/bin/mainstay
COPY package.json LICENSE ./
COPY bin bin
COPY schema schema
COPY frameworks frameworks
COPY --from=packages /mainstay/node_modules node_modules
COPY --from=build /mainstay/dist dist
# A small young generation: less memory after a start with many tasks, and no slower (test/bench/README.md).
ENV NODE_ENV=production NODE_OPTIONS=--max-semi-space-size=2
# `node`, by number: who starts the container can see that it is not root.
USER 1000:1000
EXPOSE 8080
# 3xx is health too: 318 before the registration and during an uninstall. With TLS it is our own certificate: no need to check it.
HEALTHCHECK --interval=30s --timeout=10s --start-period=60s \
  CMD ["node", "-e", "const { API_TLS_CERT_FILE: tls, API_HOST: host, PORT_API: port } = process.env; process.env.NODE_TLS_REJECT_UNAUTHORIZED = 0; fetch(`http${tls ? 's' : ''}://${host || '127.0.0.1'}:${port || 8080}/v1/health`).then(({ status }) => process.exit(status < 400 ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["mainstay"]
CMD ["--help"]
