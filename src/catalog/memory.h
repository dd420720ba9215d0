// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "catalog/history.h"
#include "jobs/courier.h"

#include <QPointer>

#include <condition_variable>
#include <deque>
#include <future>
#include <mutex>
#include <set>
#include <thread>

namespace lk::catalog {

/// One sentence for what came of an operation; made above this room.
using Say = QString (*)(const operations::Operation &operation, const Path &path, const operations::Report &report);

/// Litekeeper's memory: the catalogue, on a thread of its own, so that nobody waits for it. It is opened when it is
/// first needed. What can't be kept is not: that is told once, and no work fails for it. The destructor finishes what
/// waits.
class Memory final : public QObject
{
    Q_OBJECT

public:
    using Work = std::function<Result<void>(Database &)>;
    template <class Answer>
    using Question = std::function<Result<Answer>(Database &)>;

    /// \a file nothing: keeps nothing, and every answer is an empty one.
    Memory(std::optional<Path> file, Say say, QObject *parent = nullptr);
    ~Memory() override;

    /// The person's own catalogue; nothing if LITEKEEPER_NO_MEMORY is set, or there is no place for it.
    static std::optional<Path> place();

    bool isOn() const { return m_file.has_value(); }

    /// From any thread; done in the order of the calls.
    void write(Work work);
    /// Waits for all that was to be written before, and for the answer. Errors: CatalogueNotOpened, and the question's.
    template <class Answer>
    Result<Answer> ask(Question<Answer> question)
    {
        auto promise = std::make_shared<std::promise<Result<Answer>>>();
        std::future<Result<Answer>> future = promise->get_future();
        start<Answer>(std::move(question), [promise](Result<Answer> answer) { promise->set_value(std::move(answer)); });
        return future.get();
    }
    /// Brings the answer to \a take on the owner's thread, unless \a context is gone by then.
    template <class Answer>
    void ask(QObject *context, Question<Answer> question, std::function<void(Result<Answer>)> take)
    {
        start<Answer>(std::move(question),
                      [this, context = QPointer<QObject>(context), take = std::move(take)](Result<Answer> answer) {
                          bring([context, take, answer = std::move(answer)] {
                              if (context)
                                  take(answer);
                          });
                      });
    }
    /// Waits for all that was to be written before.
    void finish();
    /// What was noticed until now, each kind once.
    std::vector<Notice> notices() const;

    /// When \a path was last checked and backed up; nothing if there is no memory. Waits, so not for the window's
    /// thread.
    std::optional<inspect::History> historyOf(const Path &path);

    /// operations::act(), and keeps what came of it. \a undoes: the entry that is taken back by this, or 0.
    operations::Report act(const operations::Operation &operation, const operations::Target &target,
                           const operations::Arguments &arguments, operations::JobContext &context,
                           std::int64_t undoes = 0);

Q_SIGNALS:
    void noticed(const lk::catalog::Notice &notice);
    /// An operation on \a path was kept, by this process.
    void kept(const lk::Path &path);

private:
    struct Task
    {
        Work work;                                        ///< may be empty
        std::function<void(const Result<void> &)> finish; ///< on the memory's thread; may be empty
    };

    template <class Answer, class Take>
    void start(Question<Answer> question, Take take)
    {
        auto answer = std::make_shared<Answer>();
        const auto work = [question = std::move(question), answer](Database &database) -> Result<void> {
            Result<Answer> got = question(database);
            if (!got)
                return std::unexpected(got.error());
            *answer = std::move(*got);
            return {};
        };
        enqueue({.work = work, .finish = [answer, take = std::move(take)](const Result<void> &worked) {
                     take(worked ? Result<Answer>(std::move(*answer)) : std::unexpected(worked.error()));
                 }});
    }
    void enqueue(Task task);
    void bring(std::function<void()> news);
    void deliver();
    void run(const std::stop_token &stop);
    Result<void> attempt(std::optional<Database> &database, const Work &work);
    void tell(const Notice &notice);

    const std::optional<Path> m_file;
    const Say m_say;
    jobs::Courier m_courier;
    mutable std::mutex m_mutex; // guards the four below
    std::condition_variable_any m_wake;
    std::deque<Task> m_tasks;
    std::vector<std::function<void()>> m_news; ///< for the owner's thread
    std::vector<Notice> m_notices;
    std::jthread m_thread; // last: joined before anything above goes
};

}
