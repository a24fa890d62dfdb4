# One file for every service: `docker build --build-arg APP=ledger .`
# For a release give NODE_IMAGE with its digest (node:24.21.0-trixie-slim@sha256:…), so that the same commit is the same image.
ARG NODE_IMAGE=node:24.21.0-trixie-slim

FROM ${NODE_IMAGE} AS build
WORKDIR /src
ENV NX_DAEMON=false NX_TUI=false
RUN apt-get update && apt-get install --yes --no-install-recommends tini
COPY . .
RUN --mount=type=cache,target=/root/.npm npm ci
ARG APP
RUN test -f "apps/${APP}/project.json" || { echo "APP must name a folder of apps/, it is '${APP}'" >&2; exit 1; }
RUN node_modules/.bin/nx run "${APP}:build"
# Optional packages are the pinned Node and other tools' builds per system: the image has its own Node.
RUN --mount=type=cache,target=/root/.npm npm ci --omit=dev --omit=optional

FROM build AS files
# What runs and nothing else: production packages, and of our own projects the built code without what tests need.
RUN mkdir -p /out/apps/${APP} \
 && cp -r package.json node_modules /out/ \
 && cp -r "apps/${APP}/package.json" "apps/${APP}/dist" "/out/apps/${APP}/" \
 && for lib in libs/*; do case "$lib" in *testing) continue ;; esac; if [ -d "$lib/dist" ]; then mkdir -p "/out/$lib" && cp -r "$lib/package.json" "$lib/dist" "/out/$lib/"; fi; done \
 && find /out/apps /out/libs -type d \( -name testing -o -name testkit \) -path '*/dist/*' -prune -exec rm -r {} + \
 && ln -s "apps/${APP}" /out/app

FROM ${NODE_IMAGE} AS service
COPY --from=build /usr/bin/tini-static /usr/bin/tini
COPY --from=files /out /srv
WORKDIR /srv
ENV NODE_ENV=production HOST=0.0.0.0
# The simulator keeps its book here; the services keep nothing on disk.
RUN mkdir /data && chown node:node /data
USER node
# Node is not made to be process 1: tini hands signals on and reaps what is orphaned.
ENTRYPOINT ["/usr/bin/tini", "--", "node", "--enable-source-maps", "--max-semi-space-size=32", "--max-old-space-size=2000"]
CMD ["app/dist/main.js"]
