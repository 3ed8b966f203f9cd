# One image for every service: the command says which one. See docker-compose.yml and docs/operations.md.
FROM node:24-bookworm-slim

ENV NODE_ENV=production
WORKDIR /holdfast

COPY package.json package-lock.json LICENSE ./
COPY packages packages
COPY services services
RUN npm ci --omit=dev --no-audit --no-fund && npm cache clean --force

# The user of the base image, with the numeric id 1000. Only /data is written.
RUN install -d -o node -g node -m 0700 /data
USER node
VOLUME /data
ENV HOLDFAST_DATA=/data HOLDFAST_HOST=0.0.0.0
EXPOSE 2600 2601 2603 2604

HEALTHCHECK --interval=5s --timeout=3s --start-period=60s --retries=6 \
  CMD ["node", "services/standalone/bin/health.js"]

STOPSIGNAL SIGTERM
ENTRYPOINT ["node", "services/standalone/bin/holdfast.js"]
CMD ["start"]
