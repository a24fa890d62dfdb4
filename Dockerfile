# One file for every image: `npm run images` builds them all, `docker build --build-arg APP=ledger .` one of them.
# For a release give NODE_IMAGE with its digest (node:24.21.0-trixie-slim@sha256:…), so that the same commit is the same image.
ARG NODE_IMAGE=node:24.21.0-trixie-slim

# The same for every image, so it is made once: everything is installed and built, and laid out by image.
FROM ${NODE_IMAGE} AS build
WORKDIR /src
ENV NX_DAEMON=false NX_TUI=false
RUN apt-get update && apt-get install --yes --no-install-recommends tini g++ libc6-dev
COPY . .
# A checkout made with `umask 077` would be readable by root alone, in the images too.
RUN chmod -R a+rX .
RUN --mount=type=cache,target=/root/.npm npm ci
# The one native addon that comes as source: the signer speaks to a token by it.
RUN node tools/build/pkcs11-addon.mjs
RUN node_modules/.bin/nx run-many -t build -p "apps/*,cli,stack"
RUN node tools/build/image-files.mjs /out

# The wallet's local chains for docker-compose.yml, with anvil and all packages: never for production, and in no registry.
FROM build AS chains
RUN mkdir -p /wallet/keys /wallet/chains && chown -R 1000:0 /wallet && chmod -R 0770 /wallet
USER 1000:1000
CMD ["node", "tools/stack/dist/compose/run-chains.js"]

# A stage knows only the ARGs that it names itself, for buildah as for BuildKit.
FROM build AS files
ARG APP
RUN test -n "${APP}" -a -d "/out/${APP}" || { echo "APP must be one of $(ls /out | grep -v shared | xargs), it is '${APP}'" >&2; exit 1; }
RUN mv "/out/${APP}" /image

FROM ${NODE_IMAGE} AS run
COPY --from=build /usr/bin/tini-static /usr/bin/tini
WORKDIR /srv
COPY --from=build /src/tools/build/run-image.mjs /srv/run.mjs
# `npm run release:version` writes the version; `npm run images` overrides the version with its tag, and adds revision, time and title.
ARG VERSION=0.4.0-dev
LABEL org.opencontainers.image.version=${VERSION} org.opencontainers.image.licenses=Apache-2.0
# A pod's own NODE_OPTIONS replace the heap limit; a flag of the command could not be replaced.
ENV NODE_ENV=production HOST=:: NODE_OPTIONS=--max-old-space-size=2000 SLUICE_VERSION=${VERSION}
# Node is not made to be process 1: tini hands signals on and reaps what is orphaned.
ENTRYPOINT ["/usr/bin/tini", "--", "node", "--enable-source-maps", "--max-semi-space-size=32", "--heap-growing-percent=300", "run.mjs"]
CMD ["app/dist/main.js"]

# The simulator: it alone keeps something on disk, its book. OpenShift runs images as any user in group 0.
FROM run AS alone
RUN mkdir /data && chown 1000:0 /data && chmod 0770 /data
COPY --from=files /image /srv
USER 1000:1000

# The operator command: what stands behind the image's name are its arguments.
FROM run AS command
COPY --from=files /image /srv
USER 1000:1000
ENTRYPOINT ["/usr/bin/tini", "--", "node", "app/dist/main.js"]
CMD ["--help"]

# A service, and the job that migrates its database (`app/dist/migrate.js`). The packages that all of them use are one layer, which they share.
FROM run AS service
COPY --from=build /out/shared /srv
COPY --from=files /image /srv
USER 1000:1000
