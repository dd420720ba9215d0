import { PrismaClient } from '@prisma/client';

const prisma = new PrismaClient();
await prisma.$queryRawUnsafe('PRAGMA busy_timeout = 10000');
