// SPDX-License-Identifier: GPL-3.0-or-later
// Another program that has a database open, for tests: heldlock.h starts it. It does what the lines on its standard
// input say and answers each with one line, "ok …" or "error CODE …", so that a test knows what is the case and never
// has to wait for luck. It ends with its input.
//
//   SQL text          runs it; the answer is the first column of the first row
//   .write            commits to the table `counter` as fast as it can until the next line comes;
//                     "ok COMMITS BUSY LONGEST-MICROSECONDS LAST-NUMBER"
#include <sqlite3.h>

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <iostream>
#include <string>

#include <poll.h>
#include <unistd.h>

namespace {

using Clock = std::chrono::steady_clock;

struct Answer
{
    int code = SQLITE_OK;
    std::string text;
};

Answer run(sqlite3 *database, const std::string &sql)
{
    const auto keepFirst = [](void *target, int columns, char **values, char **) {
        auto *text = static_cast<std::string *>(target);
        if (text->empty() && columns > 0 && values[0])
            *text = values[0];
        return 0;
    };
    Answer answer;
    answer.code = sqlite3_exec(database, sql.c_str(), keepFirst, &answer.text, nullptr);
    if (answer.code != SQLITE_OK)
        answer.text = sqlite3_errmsg(database);
    return answer;
}

bool isSpokenTo(int waitMs = 0)
{
    pollfd input{.fd = STDIN_FILENO, .events = POLLIN, .revents = 0};
    return poll(&input, 1, waitMs) > 0;
}

/// Counts how often somebody else's lock is met, and tries again in a millisecond.
int countBusy(void *busy, int)
{
    ++*static_cast<std::int64_t *>(busy);
    return isSpokenTo(1) ? 0 : 1;
}

Answer writeSteadily(sqlite3 *database)
{
    std::int64_t commits = 0;
    std::int64_t busy = 0;
    std::int64_t longest = 0;
    Answer answer = run(database, "CREATE TABLE IF NOT EXISTS counter(id INTEGER PRIMARY KEY, n INTEGER, junk BLOB);"
                                  "INSERT OR IGNORE INTO counter VALUES(1, 0, NULL)");
    if (answer.code != SQLITE_OK)
        return answer;
    std::puts("ok writing");
    std::fflush(stdout);
    sqlite3_busy_handler(database, countBusy, &busy);
    while (!isSpokenTo()) {
        const auto begin = Clock::now();
        answer = run(database, "UPDATE counter SET n = n + 1, junk = randomblob(200 + n % 300) WHERE id = 1");
        const auto took = std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - begin).count();
        longest = std::max<std::int64_t>(longest, took);
        if (answer.code == SQLITE_OK)
            ++commits;
        else if (answer.code != SQLITE_BUSY)
            return answer;
    }
    sqlite3_busy_handler(database, nullptr, nullptr);
    answer = run(database, "SELECT n FROM counter WHERE id = 1");
    if (answer.code == SQLITE_OK)
        answer.text =
            std::to_string(commits) + ' ' + std::to_string(busy) + ' ' + std::to_string(longest) + ' ' + answer.text;
    return answer;
}

}

int main(int argc, char **argv)
{
    sqlite3 *database = nullptr;
    if (argc != 2 || sqlite3_open_v2(argv[1], &database, SQLITE_OPEN_READWRITE, nullptr) != SQLITE_OK)
        return 2;
    std::setvbuf(stdin, nullptr, _IONBF, 0); // poll() has to see what getline() has not taken
    std::string line;
    while (std::getline(std::cin, line)) {
        if (line.empty()) // what ends .write
            continue;
        const Answer answer = line == ".write" ? writeSteadily(database) : run(database, line);
        if (answer.code == SQLITE_OK)
            std::cout << "ok " << answer.text << std::endl;
        else
            std::cout << "error " << answer.code << ' ' << answer.text << std::endl;
    }
    sqlite3_close(database);
    return 0;
}
