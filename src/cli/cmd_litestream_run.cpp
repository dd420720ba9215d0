// SPDX-License-Identifier: GPL-3.0-or-later
// Litestream in the foreground, started again when it ends.
#include "cli/arguments.h"
#include "cli/litestream.h"
#include "cli/litestreamoptions.h"
#include "litestream/supervisor.h"

namespace lk::cli {

namespace {

using litestream::SupervisorEvent;

class LitestreamRunCommand final : public Command
{
public:
    std::string name() const override { return "litestream run"; }
    std::string summary() const override
    {
        return "Run Litestream until this is stopped, and start it again when it ends.";
    }
    std::string arguments() const override { return "CONFIG"; }
    void declare(CLI::App &options) override { m_options.declare(options); }
    Outcome run(const std::vector<std::string> &words, Session &session) override;

private:
    LitestreamOptions m_options;
};

/// Litestream's own lines are the result; what becomes of it goes to stderr.
void show(const SupervisorEvent &event, Console &console)
{
    const std::string who = "litestream (" + std::to_string(event.process) + ')';
    switch (event.kind) {
    case SupervisorEvent::Started:
        console.say(who + " started");
        break;
    case SupervisorEvent::Said:
        console.out(path::display(event.line.text) + '\n');
        break;
    case SupervisorEvent::Ended: {
        const std::string wait = std::to_string(std::chrono::ceil<std::chrono::seconds>(event.wait).count());
        console.say(who + " ended with " + std::to_string(event.status) +
                    (event.wait.count() > 0 ? "; started again in " + wait + " s" : std::string()));
        break;
    }
    }
}

Outcome LitestreamRunCommand::run(const std::vector<std::string> &words, Session &session)
{
    if (words.size() != 1)
        return std::unexpected(UsageError{"name one configuration"});
    const Result<Path> file = resolved(words.front());
    const auto config = file ? m_options.read(*file) : std::unexpected(file.error());
    const auto access = config ? m_options.access(*file) : std::unexpected(config.error());
    if (!access)
        return tellError(access.error(), session);
    const Result<void> done = litestream::supervise(
        *access, [&](const SupervisorEvent &event) { show(event, session.console); }, session.stop);
    return done ? Outcome(Stopped) : tellError(done.error(), session);
}

}

std::unique_ptr<Command> makeLitestreamRunCommand()
{
    return std::make_unique<LitestreamRunCommand>();
}

}
