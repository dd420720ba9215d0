pm2 start src/server.js -i 4
