// A door for forms: an address that a form tool's pages post to, how its posts are understood, and how it answers.

using Crm.Api.Security;
using Crm.Domain.Forms;

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

    internal async Task Run(HttpContext http)
    {
        if (http.Features.Get<PlannedForm>() is not { } form)
        {
            FormRequest.AllowPage(http);
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
        await Answer(request, post, await request.Submit(post));
    }
}

public static class FormDoors
{
    public static void MapFormDoor(this IEndpointRouteBuilder app, string pattern, FormDoor door)
    {
        app.MapPost(pattern, door.Run).WithMetadata(new PublicForm());
        app.MapMethods(pattern, ["OPTIONS"], FormRequest.Preflight).WithMetadata(new PublicForm());
    }
}
