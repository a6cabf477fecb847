// The phone numbers of a person who is saved by hand: those of others are kept and marked, unless they say that the person is known.

using Crm.Domain.Problems;
using Crm.Domain.Resources;
using Crm.Domain.Work;

namespace Crm.Domain.People;

public static class PrepareNumbers
{
    /// <exception cref="ProblemException">409 <c>already_exists</c>: a new person is who has the number already.</exception>
    public static async ValueTask<T> Run<T>(UnitOfWork work, T? before, T after, CancellationToken cancel)
        where T : Person
    {
        var marked = await SharedNumbers.Marked(work, after, before, cancel);
        if (before is not null || !marked.Phones.Any(p => p.Shared))
            return marked;
        // Whose an e-mail address is, if it is somebody's, the commit says.
        var said = SaidOfPerson.By(after);
        if (
            await WhoIsWho.Find<T>(work, said, cancel) is Whose.Theirs { Id: var known }
            && await work.Find<T>(known, cancel) is { } same
            && SaidOfPerson.By(same) is var theirs
            && !theirs.Emails.Any(said.Emails.Contains)
            && (theirs.OtherSystemsId is null || theirs.OtherSystemsId != said.OtherSystemsId)
        )
        {
            var type = ResourceType.Of<T>();
            var message = work.RightsTo(type).Rows is null ? $"Belongs to {type.Text(known)}." : "Is taken.";
            throw new ProblemException(ProblemCodes.AlreadyExists, $"phone: {message}", [new("phone", "taken", message)]);
        }
        return marked;
    }
}
