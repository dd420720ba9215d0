// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "window/questions.h"
#include "window/subject.h"

#include <QWidget>

#include <set>

namespace lk::window {

/// One page of the inspector. It works only once it is shown, asks on other threads, and forgets its questions when the
/// selection moves on.
class InspectorTab : public QWidget
{
    Q_OBJECT

public:
    explicit InspectorTab(Questions &questions, QWidget *parent = nullptr);

    void setSubject(SubjectPointer subject);

Q_SIGNALS:
    /// Do what the finding says.
    void fixRequested(const lk::advice::Fix &fix);

protected:
    /// Never null in here and in what it leads to.
    const Subject &subject() const { return *m_subject; }
    const inspect::DatabaseFacts &facts() const { return m_subject->facts; }
    bool hasFacts() const { return m_subject != nullptr; }
    /// The facts are there or new, and the tab is visible.
    virtual void showFacts() = 0;
    /// Another database's turn, or none's: nothing of the last one may stay.
    virtual void clear() = 0;

    /// As Questions::ask, of the selected database: what comes after the selection has moved on is dropped.
    template <class Answer>
    jobs::JobId ask(std::function<Answer(const std::stop_token &, Progress &)> ask, std::function<void(Answer)> take)
    {
        const jobs::JobId id = m_questions.ask<Answer>(facts().path, this, std::move(ask), std::move(take));
        m_asked.insert(id);
        return id;
    }
    void stop(jobs::JobId id);
    Questions &questions() const { return m_questions; }

    void showEvent(QShowEvent *event) override;

private:
    void stopAsking();

    Questions &m_questions;
    SubjectPointer m_subject;
    std::set<jobs::JobId> m_asked;
    bool m_shown = false; ///< the subject there is now
};

}
