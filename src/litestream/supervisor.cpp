// SPDX-License-Identifier: GPL-3.0-or-later
#include "litestream/supervisor.h"

#include "litestream/keepaway.h"
#include "platform/lockfile.h"

#include <QCryptographicHash>

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <utility>

namespace lk::litestream {

using namespace std::chrono_literals;
using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;

static constexpr milliseconds Tick = 100ms;
static constexpr milliseconds EndPatience = 10s; // it copies what is left

LogLine LogLine::of(std::string_view text)
{
    LogLine line{.text = std::string(text.substr(0, MostBytes))};
    line.isError = line.text.find("level=ERROR") != std::string::npos;
    line.database = logField(line.text, "db");
    line.replica = logField(line.text, "replica");
    if (line.isError) {
        line.error = logField(line.text, "error");
        if (line.error.empty())
            line.error = logField(line.text, "msg");
    }
    return line;
}

milliseconds BackOff::after(milliseconds ran)
{
    if (ran >= healthy || next == 0ms)
        next = first;
    return std::exchange(next, std::min(next * 2, longest));
}

namespace {

/// Cuts what a program writes into lines. What has no end for too long is a line as well.
class Lines
{
public:
    template <class Take>
    void add(const std::string &text, Take take)
    {
        m_rest += text;
        std::size_t at = 0;
        for (std::size_t end = m_rest.find('\n'); end != std::string::npos; end = m_rest.find('\n', at)) {
            take(std::string_view(m_rest).substr(at, end - at));
            at = end + 1;
        }
        m_rest.erase(0, at);
        if (m_rest.size() > LogLine::MostBytes)
            take(std::exchange(m_rest, {}));
    }

private:
    std::string m_rest;
};

Result<platform::LockFile> lockOf(const Path &config)
{
    const Result<Path> resolved = platform::resolve(config);
    const Result<Path> folder = resolved ? platform::lockFolder() : resolved;
    if (!folder)
        return std::unexpected(folder.error());
    const std::string &name = resolved->native();
    const QByteArray hash = QCryptographicHash::hash(QByteArray(name.data(), static_cast<qsizetype>(name.size())),
                                                     QCryptographicHash::Sha256);
    auto lock = platform::LockFile::take(*folder / ("litestream-" + hash.toHex().left(16).toStdString()));
    if (!lock && lock.error().code == ErrorCode::Busy)
        return fail(ErrorCode::Busy, Reason::AnotherOperation, config, lock.error().arguments);
    return lock;
}

using Tell = std::function<void(const SupervisorEvent &)>;

/// The databases of a configuration; none if it can't be read, which Litestream itself will say.
std::vector<Path> databasesOf(const Access &access)
{
    const Result<Config> config = readConfig(access.config, access.expandEnvironment ? ownEnvironment : Environment());
    std::vector<Path> paths;
    for (const Database &database : config ? config->databases : std::vector<Database>())
        paths.push_back(platform::resolve(database.path).value_or(database.path));
    return paths;
}

/// One run, to its end or until \a stop asks or one of \a databases is to be left alone. Its status.
int listenTo(platform::Child &child, const Tell &tell, const std::vector<Path> &databases, const std::stop_token &stop)
{
    Lines printed;
    Lines complained;
    const auto take = [&](std::string_view line) {
        if (!line.empty())
            tell({.kind = SupervisorEvent::Said, .process = child.process(), .line = LogLine::of(line)});
    };
    const auto pass = [&] {
        printed.add(child.takePrinted(), take);
        complained.add(child.takeComplained(), take);
    };
    while (!child.status() && !stop.stop_requested() && std::ranges::none_of(databases, hasToKeepAway)) {
        child.listen(Tick);
        pass();
    }
    const int status = child.status() ? *child.status() : child.stop(EndPatience);
    while (child.listen(0ms)) {
    }
    pass();
    return status;
}

void sleep(milliseconds duration, const std::stop_token &stop)
{
    std::mutex mutex;
    std::unique_lock lock(mutex);
    std::condition_variable_any().wait_for(lock, stop, duration, [] { return false; });
}

}

Result<void> supervise(const Access &access, const Tell &tell, std::stop_token stop, BackOff backOff)
{
    const Result<platform::LockFile> lock = lockOf(access.config);
    if (!lock)
        return std::unexpected(lock.error());
    const platform::Launch launch = access.launch("replicate", {});
    const std::vector<Path> databases = databasesOf(access);
    for (bool isFirst = true; !stop.stop_requested(); isFirst = false) {
        while (std::ranges::any_of(databases, hasToKeepAway) && !stop.stop_requested())
            sleep(Tick, stop);
        const Clock::time_point began = Clock::now();
        Result<platform::Child> child = platform::Child::start(launch);
        if (!child && isFirst)
            return std::unexpected(child.error());
        SupervisorEvent ended{.kind = SupervisorEvent::Ended};
        if (child) {
            ended.process = child->process();
            tell({.kind = SupervisorEvent::Started, .process = ended.process});
            ended.status = listenTo(*child, tell, databases, stop);
        }
        if (!stop.stop_requested())
            ended.wait = backOff.after(std::chrono::duration_cast<milliseconds>(Clock::now() - began));
        tell(ended);
        sleep(ended.wait, stop);
    }
    return {};
}

}
