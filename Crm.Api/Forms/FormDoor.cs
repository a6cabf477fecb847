// A door for forms: an address that a form tool's pages post to, how its posts are understood, and how it answers.

using Crm.Api.Http;
using Crm.Api.Pages;
using Crm.Api.Security;
using Crm.Domain.Forms;
using Crm.Domain.Problems;
using Crm.Domain.Stores;
using Crm.Domain.Work;

namespace Crm.Api.Forms;

/// <summary>
/// A tool's door is one of these and a line in <c>Program.cs</c>: <c>app.MapFormDoor("/their/path/{formKey}", TheirDoor.Door)</c>. The
/// route names the form by <c>{formKey}</c>. Everything between the reading and the answer is the product's own: keeping what came, limits,
/// origins, preflights, repeats.
/// </summary>
/// <param name="Answer">Writes what the tool's pages expect to hear, of an entry that is stored.</param>
/// <param name="NoForm">Answers when there is no form of this key; nothing is stored then.</param>
public sealed record FormDoor(Func<FormRequest, FormPost, Receipt, Task> Answer, Func<HttpContext, Task> NoForm)
{
    /// <summary>Brings the tool's own shape into that of a form's post: other names of fields, fields in a list. Null: it is that
    /// already.</summary>
    public Func<FormPost, FormPost>? Understand { get; init; }

    /// <summary>Answers where nothing could be kept: the problem, and in how many seconds another try has a chance. Null: as the API says
    /// it.</summary>
    public Func<FormRequest, FormPost, ProblemCode, int, Task>? NotKept { get; init; }

    internal async Task Run(HttpContext http)
    {
        if (http.Features.Get<PlannedForm>() is not { } form)
        {
            FormRequest.AllowPage(http);
            if (Passage.IsOver(http))
                await Problems.Write(http, ProblemCodes.RateLimited, "Too many posts for a form that does not exist.");
            else
                await NoForm(http);
            return;
        }
        var request = new FormRequest(http, form);
        // Said first, so that the page can read whatever the answer turns out to be, also "try again in a moment".
        if (form.Allows(request.Origin))
            FormRequest.AllowPage(http);
        var post = await request.Read();
        if (Understand is not null)
            post = Understand(post);
        if (!http.RequestServices.GetRequiredService<RateLimits>().TakeLimited(http, out var after))
        {
            await WriteNotKept(request, post, ProblemCodes.RateLimited, after);
            return;
        }
        if (!await request.HasRoom())
        {
            CrmMetrics.Refused.Add(1, new KeyValuePair<string, object?>("limit", "entries"));
            await WriteNotKept(request, post, ProblemCodes.RateLimited, RoomAgain);
            return;
        }
        Receipt receipt;
        try
        {
            receipt = await request.Submit(post);
        }
        catch (StoreUnavailableException away) when (NotKept is not null)
        {
            StoreOutage.Met(http, away);
            await WriteNotKept(request, post, ProblemCodes.StoreUnavailable, StoreIsBack);
            return;
        }
        await Answer(request, post, receipt);
    }

    static readonly TimeSpan StoreIsBack = TimeSpan.FromSeconds(2),
        RoomAgain = TimeSpan.FromMinutes(1);

    Task WriteNotKept(FormRequest request, FormPost post, ProblemCode code, TimeSpan after)
    {
        var seconds = request.Http.RequestServices.GetRequiredService<RateLimits>().Refused(request.Http, after);
        return (NotKept ?? SayNotKept)(request, post, code, seconds);
    }

    /// <summary>As the API says it.</summary>
    internal static Task SayNotKept(FormRequest request, FormPost post, ProblemCode code, int seconds) =>
        code == ProblemCodes.StoreUnavailable
            ? Problems.Write(request.Http, code, "Nothing was stored. Try again in a moment.")
            : Problems.Write(
                request.Http,
                code,
                $"Try again in {seconds} seconds. Nothing was stored.",
                [new("", code.Code, $"Nothing was stored; try again in {seconds} seconds.")]
            );
}

public static class FormDoors
{
    public static void MapFormDoor(this IEndpointRouteBuilder app, string pattern, FormDoor door)
    {
        app.MapPost(pattern, door.Run).WithMetadata(new PublicForm(), new ForVisitors()).RequireRateLimiting(Doors.Form);
        app.MapMethods(pattern, ["OPTIONS"], FormRequest.Preflight).WithMetadata(new PublicForm());
    }
}
