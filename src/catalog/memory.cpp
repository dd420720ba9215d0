// SPDX-License-Identifier: GPL-3.0-or-later
#include "catalog/memory.h"

#include "platform/datafolder.h"

#include <algorithm>
#include <chrono>
#include <cstdlib>

namespace lk::catalog {

using namespace std::chrono_literals;

Memory::Memory(std::optional<Path> file, Say say, QObject *parent)
    : QObject(parent)
    , m_file(std::move(file))
    , m_say(say)
    , m_courier(
          0ms, [this] { deliver(); }, this)
    , m_thread([this](const std::stop_token &stop) { run(stop); })
{
}

Memory::~Memory()
{
    m_thread.request_stop();
    m_thread.join();
}

std::optional<Path> Memory::place()
{
    const char *off = std::getenv("LITEKEEPER_NO_MEMORY");
    const Result<Path> folder = platform::dataFolder();
    if ((off && *off && std::string_view(off) != "0") || !folder)
        return std::nullopt;
    return *folder / "catalogue.sqlite";
}

void Memory::write(Work work)
{
    if (isOn())
        enqueue({.work = std::move(work), .finish = {}});
}

void Memory::finish()
{
    std::promise<void> finished;
    enqueue({.work = {}, .finish = [&](const Result<void> &) { finished.set_value(); }});
    finished.get_future().wait();
}

std::vector<Notice> Memory::notices() const
{
    const std::lock_guard lock(m_mutex);
    return m_notices;
}

void Memory::enqueue(Task task)
{
    {
        const std::lock_guard lock(m_mutex);
        m_tasks.push_back(std::move(task));
    }
    m_wake.notify_one();
}

void Memory::bring(std::function<void()> news)
{
    {
        const std::lock_guard lock(m_mutex);
        m_news.push_back(std::move(news));
    }
    m_courier.request();
}

void Memory::deliver()
{
    std::vector<std::function<void()>> news;
    {
        const std::lock_guard lock(m_mutex);
        news.swap(m_news);
    }
    for (const std::function<void()> &one : news)
        one();
}

void Memory::tell(const Notice &notice)
{
    {
        const std::lock_guard lock(m_mutex);
        if (std::ranges::find(m_notices, notice.kind, &Notice::kind) != m_notices.end())
            return;
        m_notices.push_back(notice);
    }
    bring([this, notice] { Q_EMIT noticed(notice); });
}

std::optional<inspect::History> Memory::historyOf(const Path &path)
{
    if (!isOn())
        return std::nullopt;
    const auto history =
        ask<inspect::History>([path](Database &database) { return catalog::historyOf(database, path); });
    return history ? std::optional(*history) : std::nullopt;
}

// On the memory's thread ---------------------------------------------------------------------------------------------

void Memory::run(const std::stop_token &stop)
{
    std::optional<Database> database; // here, because it belongs to the thread that opens it
    for (;;) {
        Task task;
        {
            std::unique_lock lock(m_mutex);
            if (!m_wake.wait(lock, stop, [this] { return !m_tasks.empty(); }))
                return;
            task = std::move(m_tasks.front());
            m_tasks.pop_front();
        }
        const Result<void> worked = task.work && isOn() ? attempt(database, task.work) : Result<void>();
        if (task.finish)
            task.finish(worked);
    }
}

/// Whatever went wrong, it is one thing for people: the catalogue can't be used.
static Error notOpened(Error error, const Path &file)
{
    if (error.reason != Reason::CatalogueNotOpened)
        error.arguments = {error.detail};
    error.reason = Reason::CatalogueNotOpened;
    error.path = file;
    return error;
}

Result<void> Memory::attempt(std::optional<Database> &database, const Work &work)
{
    std::optional<Notice> notice;
    const auto take = [&](Result<Database> opened) -> Result<void> {
        if (notice)
            tell(*notice);
        if (!opened)
            return std::unexpected(opened.error());
        database.emplace(std::move(*opened));
        return {};
    };
    Result<void> worked = database ? Result<void>() : take(Database::open(*m_file, notice));
    if (worked)
        worked = work(*database);
    if (!worked && worked.error().code == ErrorCode::Damaged && database) {
        database.reset();
        worked = take(Database::beginAnew(*m_file, worked.error(), notice));
        if (worked)
            worked = work(*database);
    }
    if (worked)
        return worked;
    const Error error = notOpened(worked.error(), *m_file);
    tell({.kind = Notice::NotOpened, .path = *m_file, .error = error});
    return fail(error);
}

// Acting -------------------------------------------------------------------------------------------------------------

static std::int64_t nowNs()
{
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    return std::chrono::duration_cast<std::chrono::nanoseconds>(now).count();
}

operations::Report Memory::act(const operations::Operation &operation, const operations::Target &target,
                               const operations::Arguments &arguments, operations::JobContext &context,
                               std::int64_t undoes)
{
    if (!isOn())
        return operations::act(operation, target, arguments, context);
    Entry entry{.path = target.path, .operation = operation.id, .arguments = arguments, .startedNs = nowNs()};
    const operations::Report report = operations::act(operation, target, arguments, context);
    entry.endedNs = nowNs();
    entry.status = report.status;
    if (report.error) {
        entry.error = errorCodeName(report.error->code);
        entry.detail = report.error->detail;
    }
    entry.said = m_say(operation, target.path, report).toStdString();
    entry.fields = report.fields;
    entry.undo = report.undo;
    // Who asks for a database's history wants to know what was brought back into it, and from where.
    const operations::FieldValue *to = report.field("to");
    if (const std::string *database = to ? std::get_if<std::string>(to) : nullptr) {
        entry.path = *database;
        if (operation.subject == operations::Subject::Backup)
            entry.fields.push_back({"backup", target.path.native()});
    }
    if (entry.undo)
        entry.left = leftAt(entry.undo->path);
    entry.undoes = undoes;
    if (const char *schedule = std::getenv("LITEKEEPER_SCHEDULE"))
        entry.schedule = schedule;
    write([this, entry](Database &database) -> Result<void> {
        const Result<std::int64_t> id = add(database, entry);
        if (!id)
            return std::unexpected(id.error());
        bring([this, path = entry.path] { Q_EMIT kept(path); });
        return {};
    });
    return report;
}

}
