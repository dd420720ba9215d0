// SPDX-License-Identifier: GPL-3.0-or-later
#include "platform/program.h"

#include "platform/childprocess.h"
#include "platform/pipe.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <string_view>
#include <utility>

#include <poll.h>
#include <sys/wait.h>

#ifdef __linux__
#include <sys/prctl.h>
#endif

extern char **environ;

namespace lk::platform {

static constexpr std::chrono::milliseconds Tick{50};

namespace {

/// All that a child needs, made before it is: between fork() and exec() a process with threads must not allocate.
class Prepared
{
public:
    explicit Prepared(const Launch &launch)
        : m_folder(launch.folder)
    {
        m_words.push_back(launch.command.program.c_str());
        for (const std::string &argument : launch.command.arguments)
            m_words.push_back(argument.c_str());
        m_words.push_back(nullptr);
        for (char **one = environ; *one != nullptr; ++one) {
            const std::string_view text(*one);
            if (!launch.environment.contains(std::string(text.substr(0, text.find('=')))))
                m_strings.emplace_back(text);
        }
        for (const auto &[name, value] : launch.environment)
            m_strings.push_back(name + '=' + value);
        for (const std::string &text : m_strings)
            m_environment.push_back(text.c_str());
        m_environment.push_back(nullptr);
    }
    Prepared(const Prepared &) = delete;
    Prepared &operator=(const Prepared &) = delete;

    /// In the child. A failure's errno goes to \a report, which a program that has begun closes unwritten.
    [[noreturn]] void become(int in, int out, int complaints, int report, pid_t parent) const
    {
        ::setpgid(0, 0);
        ::dup2(in, STDIN_FILENO);
        ::dup2(out, STDOUT_FILENO);
        ::dup2(complaints, STDERR_FILENO);
        ::dup2(report, ReportAs);
        ::fcntl(ReportAs, F_SETFD, FD_CLOEXEC);
#ifdef __linux__
        ::prctl(PR_SET_PDEATHSIG, SIGTERM);
#endif
        beginAsProgram(ReportAs + 1);
        const bool orphan = ::getppid() != parent; // gone before it could be told to us
        if (!orphan && (m_folder.empty() || ::chdir(m_folder.c_str()) == 0))
            ::execve(m_words.front(), const_cast<char *const *>(m_words.data()),
                     const_cast<char *const *>(m_environment.data()));
        const int error = errno;
        [[maybe_unused]] const ssize_t count = ::write(ReportAs, &error, sizeof error);
        ::_exit(127);
    }

private:
    static constexpr int ReportAs = 3;

    Path m_folder;
    std::vector<const char *> m_words; // ends with null
    std::vector<std::string> m_strings;
    std::vector<const char *> m_environment; // ends with null, points to m_strings
};

/// What \a launch writes to its program, in a pipe that is closed behind it.
Result<Descriptor> inputOf(const Launch &launch)
{
    Result<Pipe> pipe = makePipe();
    if (!pipe)
        return std::unexpected(pipe.error());
    if (::fcntl(pipe->write.value(), F_SETFL, O_NONBLOCK) != 0 ||
        ::write(pipe->write.value(), launch.input.data(), launch.input.size()) !=
            static_cast<ssize_t>(launch.input.size()))
        return fail(systemError(errno, launch.command.program, "write"));
    return std::move(pipe->read);
}

}

Result<Child> Child::start(const Launch &launch)
{
    Result<Descriptor> in = inputOf(launch);
    Result<Pipe> out = in ? makePipe() : std::unexpected(in.error());
    Result<Pipe> complaints = out ? makePipe() : std::unexpected(out.error());
    Result<Pipe> report = complaints ? makePipe() : std::unexpected(complaints.error());
    if (!report)
        return std::unexpected(report.error());
    const Prepared prepared(launch);
    const pid_t parent = ::getpid();
    Child child;
    child.m_process = ::fork();
    if (child.m_process < 0)
        return fail(systemError(errno, launch.command.program, "fork"));
    if (child.m_process == 0)
        prepared.become(in->value(), out->write.value(), complaints->write.value(), report->write.value(), parent);
    report->write = Descriptor();
    child.m_out = std::move(out->read);
    child.m_complaints = std::move(complaints->read);
    int error = 0;
    if (::read(report->read.value(), &error, sizeof error) != static_cast<ssize_t>(sizeof error))
        return child;
    return error == ENOENT && launch.folder.empty()
               ? fail(ErrorCode::NotFound, Reason::ProgramMissing, {}, {launch.command.program.native()})
               : fail(systemError(error, launch.command.program, "execve"));
}

Child::Child(Child &&other) noexcept
{
    *this = std::move(other);
}

Child &Child::operator=(Child &&other) noexcept
{
    std::swap(m_process, other.m_process);
    std::swap(m_status, other.m_status);
    std::swap(m_out, other.m_out);
    std::swap(m_complaints, other.m_complaints);
    std::swap(m_printing, other.m_printing);
    std::swap(m_complaining, other.m_complaining);
    std::swap(m_printed, other.m_printed);
    std::swap(m_complained, other.m_complained);
    return *this;
}

Child::~Child()
{
    stop();
}

std::optional<int> Child::status()
{
    int waited = 0;
    if (!m_status && m_process > 0 && ::waitpid(m_process, &waited, WNOHANG) == m_process)
        m_status = exitStatus(waited);
    return m_status;
}

bool Child::listen(std::chrono::milliseconds patience)
{
    if (!m_printing && !m_complaining) // there is nothing left by which its end would be noticed
        patience = std::min(patience, std::chrono::milliseconds(2));
    std::array<pollfd, 2> waiting{pollfd{m_printing ? m_out.value() : -1, POLLIN, 0},
                                  pollfd{m_complaining ? m_complaints.value() : -1, POLLIN, 0}};
    ::poll(waiting.data(), waiting.size(), static_cast<int>(patience.count()));
    const std::size_t before = m_printed.size() + m_complained.size();
    if (waiting[0].revents != 0)
        m_printing = drain(m_out, m_printed, Ran::MostPrinted);
    if (waiting[1].revents != 0)
        m_complaining = drain(m_complaints, m_complained, Ran::MostPrinted);
    return m_printed.size() + m_complained.size() > before;
}

std::string Child::takePrinted()
{
    return std::exchange(m_printed, {});
}

std::string Child::takeComplained()
{
    return std::exchange(m_complained, {});
}

int Child::stop(std::chrono::milliseconds patience)
{
    if (m_process <= 0)
        return 0;
    const auto giveUpAt = std::chrono::steady_clock::now() + patience;
    if (!status())
        ::kill(m_process, SIGTERM);
    while (!status() && std::chrono::steady_clock::now() < giveUpAt)
        listen(Tick); // what nobody reads any more could keep it from ending
    if (!m_status)
        ::kill(-m_process, SIGKILL); // with what it started
    int waited = 0;
    while (!m_status) {
        if (::waitpid(m_process, &waited, 0) == m_process)
            m_status = exitStatus(waited);
        else if (errno != EINTR)
            m_status = 0;
    }
    return *m_status;
}

Result<Ran> run(const Launch &launch, std::chrono::milliseconds patience, std::stop_token stop)
{
    const auto giveUpAt = std::chrono::steady_clock::now() + patience;
    Result<Child> child = Child::start(launch);
    if (!child)
        return std::unexpected(child.error());
    while (!child->status()) {
        child->listen(Tick);
        const bool late = std::chrono::steady_clock::now() >= giveUpAt;
        if (!late && !stop.stop_requested())
            continue;
        child->stop(std::chrono::seconds(1));
        if (!late)
            return fail(ErrorCode::Cancelled);
        const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(patience).count();
        return fail(ErrorCode::Unsupported, Reason::ProgramFailed, {},
                    {launch.command.program.native(), "no answer within " + std::to_string(seconds) + " s"});
    }
    // What was written just before the end. Others whom it left may hold its pipes: they are not waited for.
    while (child->listen(std::chrono::milliseconds(0))) {
    }
    return Ran{.status = *child->status(), .printed = child->takePrinted(), .complained = child->takeComplained()};
}

}
