// SPDX-License-Identifier: GPL-3.0-or-later
#include "platform/helpers.h"

#include "platform/confined.h"
#include "platform/pipe.h"

#include <algorithm>
#include <csignal>
#include <filesystem>

#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>

#ifdef __linux__
#include <sys/prctl.h>
#endif

extern char **environ;

namespace lk::platform {

Result<Path> ownProgram(std::string_view name)
{
    std::error_code error;
    const Path self = std::filesystem::read_symlink("/proc/self/exe", error);
    const Path beside = self.parent_path() / name;
    if (!error && std::filesystem::exists(beside, error))
        return beside;
    Result<Path> found = findProgram(name);
    return found ? found : fail(ErrorCode::NotFound, Reason::ProgramMissing, {}, {std::string(name)});
}

struct Helpers::Helper
{
    pid_t process = 0;
    Descriptor in;  // what we tell
    Descriptor out; // what it says
    std::string said;
    bool atEnd = false;

    ~Helper()
    {
        if (process <= 0)
            return;
        ::kill(process, SIGKILL);
        while (::waitpid(process, nullptr, 0) < 0 && errno == EINTR) {
        }
    }

    bool hasLine() const { return said.find('\n') != std::string::npos; }

    std::string takeLine()
    {
        const std::size_t end = said.find('\n');
        std::string line = said.substr(0, end);
        said.erase(0, end + 1);
        return line;
    }

    void listen()
    {
        std::array<char, 16384> buffer;
        const ssize_t count = ::read(out.value(), buffer.data(), buffer.size());
        if (count > 0)
            said.append(buffer.data(), static_cast<std::size_t>(count));
        else if (count == 0 || (errno != EINTR && errno != EAGAIN))
            atEnd = true;
    }
};

Helpers::Helpers() = default;
Helpers::~Helpers() = default;

std::size_t Helpers::count() const
{
    return m_helpers.size();
}

namespace {

/// How a helper begins: the signals as they are for any program, a group of its own, and three open files.
class Beginning
{
public:
    Beginning(int in, int out)
    {
        ::posix_spawn_file_actions_init(&m_files);
        ::posix_spawn_file_actions_adddup2(&m_files, in, STDIN_FILENO);
        ::posix_spawn_file_actions_adddup2(&m_files, out, STDOUT_FILENO);
        ::posix_spawn_file_actions_addopen(&m_files, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
        ::posix_spawnattr_init(&m_attributes);
        sigset_t signals;
        ::sigemptyset(&signals);
        ::posix_spawnattr_setsigmask(&m_attributes, &signals);
        for (const int number : {SIGPIPE, SIGINT, SIGTERM, SIGHUP, SIGXFSZ})
            ::sigaddset(&signals, number);
        ::posix_spawnattr_setsigdefault(&m_attributes, &signals);
        ::posix_spawnattr_setpgroup(&m_attributes, 0);
        ::posix_spawnattr_setflags(&m_attributes,
                                   POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
    }
    ~Beginning()
    {
        ::posix_spawn_file_actions_destroy(&m_files);
        ::posix_spawnattr_destroy(&m_attributes);
    }
    Beginning(const Beginning &) = delete;
    Beginning &operator=(const Beginning &) = delete;

    const posix_spawn_file_actions_t *files() const { return &m_files; }
    const posix_spawnattr_t *attributes() const { return &m_attributes; }

private:
    posix_spawn_file_actions_t m_files{};
    posix_spawnattr_t m_attributes{};
};

}

Result<void> Helpers::start(const Path &program, const std::vector<std::string> &arguments)
{
    Result<Pipe> in = makePipe();
    Result<Pipe> out = in ? makePipe() : std::unexpected(in.error());
    if (!out)
        return std::unexpected(out.error());
    std::vector<char *> words{const_cast<char *>(program.c_str())};
    for (const std::string &argument : arguments)
        words.push_back(const_cast<char *>(argument.c_str()));
    words.push_back(nullptr);
    const Beginning beginning(in->read.value(), out->write.value());
    auto helper = std::make_unique<Helper>();
    const int error = ::posix_spawn(&helper->process, program.c_str(), beginning.files(), beginning.attributes(),
                                    words.data(), environ);
    if (error != 0) {
        helper->process = 0;
        return fail(systemError(error, program, "posix_spawn"));
    }
    helper->in = std::move(in->write);
    helper->out = std::move(out->read);
    m_helpers.push_back(std::move(helper));
    return {};
}

void Helpers::tell(std::string_view text)
{
    for (const auto &helper : m_helpers) {
        // Shorter than what a pipe takes at once. A process that is gone has said so on the other pipe.
        [[maybe_unused]] const ssize_t count = ::write(helper->in.value(), text.data(), text.size());
    }
}

Result<std::vector<std::string>> Helpers::lines(std::stop_token stop, std::chrono::steady_clock::time_point until)
{
    static constexpr int TickMs = 50;
    for (;;) {
        std::vector<pollfd> waiting;
        for (const auto &helper : m_helpers) {
            if (helper->atEnd && !helper->hasLine())
                return fail(ErrorCode::Internal, Path(), "a helper ended before it was done");
            waiting.push_back({helper->hasLine() ? -1 : helper->out.value(), POLLIN, 0});
        }
        if (std::ranges::all_of(m_helpers, &Helper::hasLine))
            break;
        if (stop.stop_requested())
            return fail(ErrorCode::Cancelled);
        if (std::chrono::steady_clock::now() >= until)
            return fail(ErrorCode::Internal, Path(), "a helper does not answer");
        ::poll(waiting.data(), waiting.size(), TickMs);
        for (std::size_t i = 0; i < waiting.size(); ++i) {
            if (waiting[i].revents != 0)
                m_helpers[i]->listen();
        }
    }
    std::vector<std::string> lines;
    for (const auto &helper : m_helpers)
        lines.push_back(helper->takeLine());
    return lines;
}

void endWithParent()
{
#ifdef __linux__
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
#endif
    // One who was gone before that can't be heard either: the pipe that we read is at its end.
}

}
