pm2 start src/server.js -i max
