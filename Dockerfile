# alipay-mcp listen: pages of orders and Alipay's notifications, behind your HTTPS proxy. No key is in the image; docs/listen.md
# says how it is run. Build dist/ first, or take the folder that a release packs.
FROM node:22-slim
WORKDIR /app
COPY package.json LICENSE ./
COPY dist ./dist
RUN mkdir /data && chown node:node /data
ENV NODE_ENV=production ALIPAY_DATA_DIR=/data ALIPAY_LISTEN=0.0.0.0:8421
VOLUME /data
EXPOSE 8421
USER node
HEALTHCHECK --start-period=30s CMD ["node", "-e", "fetch('http://127.0.0.1:8422/health').then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "dist/main.js", "listen"]
